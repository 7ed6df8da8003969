import type { ReactNode } from 'react';
import type { Permission } from '@patchbay/contracts/permissions';
import { CallPage } from './call/call-page.tsx';
import { AccessPage } from './access/access-page.tsx';
import { AuditPage } from './audit/audit-page.tsx';
import { ConnectionPage } from './connections/connection-page.tsx';
import { ConnectionsPage } from './connections/connections-page.tsx';
import { NewConnectionPage } from './connections/new-connection-page.tsx';
import { BrokenPage } from './frame/broken-page.tsx';
import { CallBackNews } from './frame/call-back-news.tsx';
import { Frame } from './frame/frame.tsx';
import { Link, useAddress } from './frame/navigation.tsx';
import { Needs } from './frame/needs.tsx';
import { AccessContext } from './gateway/access.ts';
import { SessionsPage } from './sessions/sessions-page.tsx';
import { KeyEntry } from './sign-in/key-entry.tsx';
import { useSignIn } from './sign-in/use-sign-in.ts';

export function Console() {
  const signIn = useSignIn();
  const address = useAddress();
  return (
    <Frame page={address.pathname} access={signIn.access}>
      <BrokenPage key={address.pathname}>
        <AccessContext value={signIn.access}>
          <CallBackNews address={address} />
          {signIn.access ? <Page address={address} /> : <KeyEntry signIn={signIn} />}
        </AccessContext>
      </BrokenPage>
    </Frame>
  );
}

/** An address and the page it leads to; `part` is what of the address is in brackets. */
const PAGES: [RegExp, (part: string, query: URLSearchParams) => ReactNode][] = [
  [/^\/()$/, (_part, query) => needing('calls:read', <SessionsPage before={query.get('before')} />)],
  [
    /^\/calls\/([a-z0-9_]+)$/,
    (id, query) => needing('calls:read', <CallPage key={id} sessionId={id} traceId={query.get('trace')} />),
  ],
  [/^\/connections()$/, () => needing('connections:read', <ConnectionsPage />)],
  [/^\/connections\/new()$/, () => needing('connections:write', <NewConnectionPage />)],
  [/^\/connections\/(conn_[a-z0-9]+)$/, (id) => needing('connections:read', <ConnectionPage key={id} connectionId={id} />)],
  [/^\/access()$/, () => <AccessPage part={null} />],
  [/^\/access\/(people|keys|edges)$/, (part) => <AccessPage part={part} />],
  [/^\/audit()$/, (_part, query) => needing('audit:read', <AuditPage query={query} />)],
];

function Page({ address: { pathname, searchParams } }: { address: URL }) {
  for (const [pattern, page] of PAGES) {
    const found = pattern.exec(pathname);
    if (found) return page(found[1] ?? '', searchParams);
  }
  return (
    <section className="empty">
      <title>Not found · Patchbay</title>
      <h1>There is no such page</h1>
      <p>
        <Link to="/">All sessions</Link>
      </p>
    </section>
  );
}

function needing(permission: Permission, page: ReactNode): ReactNode {
  return <Needs permission={permission}>{page}</Needs>;
}
