import { CallPage } from './call/call-page.tsx';
import { BrokenPage } from './frame/broken-page.tsx';
import { Frame } from './frame/frame.tsx';
import { Link, useAddress } from './frame/navigation.tsx';
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
          {signIn.access ? <Page address={address} /> : <KeyEntry signIn={signIn} />}
        </AccessContext>
      </BrokenPage>
    </Frame>
  );
}

function Page({ address }: { address: URL }) {
  const { pathname, searchParams } = address;
  if (pathname === '/') return <SessionsPage before={searchParams.get('before')} />;
  const sessionId = /^\/calls\/([a-z0-9_]+)$/.exec(pathname)?.[1];
  if (sessionId) return <CallPage key={sessionId} sessionId={sessionId} traceId={searchParams.get('trace')} />;
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
