import type { Connection } from '@patchbay/contracts/connections';
import { History } from '../audit/history.tsx';
import { Link } from '../frame/navigation.tsx';
import { Loading, Notice } from '../frame/notice.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { useNow } from '../frame/use-now.ts';
import { useAccess, useMay } from '../gateway/access.ts';
import { useResource } from '../gateway/use-resource.ts';
import { ConnectionActions } from './connection-actions.tsx';
import { ConnectionFacts } from './connection-facts.tsx';
import { EditConnection } from './edit-connection.tsx';
import { faultWords, wayOut } from './health-words.ts';
import { MomentList } from './moment-list.tsx';
import { ScopeList } from './scope-list.tsx';
import { SecretPanel } from './secret-panel.tsx';

/** A call may flip its health at any moment. */
const alwaysChanges = () => true;

export function ConnectionPage({ connectionId }: { connectionId: string }) {
  const { apiKey } = useAccess();
  const { data, problem, reload } = useResource<Connection>({ path: `/v1/connections/${connectionId}`, apiKey, isChanging: alwaysChanges });
  return (
    <section className="connection">
      <title>{`${data?.name ?? 'Connection'} · Patchbay`}</title>
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/connections">Connections</Link>
        <span aria-hidden="true">/</span>
        <code>{connectionId}</code>
      </nav>
      <PageProblem problem={problem} hasData={data !== null} />
      {data && <Whole connection={data} onChanged={reload} />}
      {!data && !problem && <Loading what="the connection" />}
    </section>
  );
}

function Whole({ connection, onChanged }: { connection: Connection; onChanged(): void }) {
  const mayWrite = useMay('connections:write');
  const now = useNow(true);
  const isThere = connection.lifecycle !== 'deleted';
  return (
    <>
      <ConnectionFacts connection={connection} now={now} />
      <Trouble connection={connection} />
      <Unbound connection={connection} />
      {mayWrite && <ConnectionActions connection={connection} now={now} onChanged={onChanged} />}
      <div className="panels">
        <div>
          {isThere && connection.kind !== 'none' && <SecretPanel connection={connection} now={now} onChanged={onChanged} />}
          {connection.settings.oauth && <ScopeList connection={connection} />}
          {isThere && mayWrite && <EditConnection connection={connection} onChanged={onChanged} />}
        </div>
        <div>
          <MomentList connection={connection} now={now} />
          <History objectId={connection.connectionId} now={now} />
        </div>
      </div>
    </>
  );
}

/** Whoever may write tools decides then where the secret goes. */
function Unbound({ connection: { kind, lifecycle, origins } }: { connection: Connection }) {
  if (kind === 'none' || lifecycle === 'deleted' || origins.length > 0) return null;
  return (
    <Notice tone="warning" title="Not bound to any address">
      A tool may send its secret to any public address. Say in the settings what it may be used for.
    </Notice>
  );
}

/** Why it is not well, whose it is to mend, and how. */
function Trouble({ connection }: { connection: Connection }) {
  const { reason, lifecycle, health } = connection;
  const way = wayOut(connection);
  if (lifecycle === 'deleted' || (!reason && !way)) return null;
  const isBad = lifecycle === 'active' && !['unverified', 'expiring', 'degraded', 'healthy'].includes(health);
  return (
    <Notice tone={isBad ? 'bad' : 'warning'} title={reason?.text ?? 'Not ready yet'}>
      {reason && faultWords(reason.fault)} {way}
    </Notice>
  );
}
