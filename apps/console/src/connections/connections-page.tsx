import type { Connection } from '@patchbay/contracts/connections';
import { Link } from '../frame/navigation.tsx';
import { Loading } from '../frame/notice.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { useNow } from '../frame/use-now.ts';
import { useAccess, useMay } from '../gateway/access.ts';
import { useResource } from '../gateway/use-resource.ts';
import { ConnectionsTable } from './connections-table.tsx';
import { DeletedConnections } from './deleted-connections.tsx';

/** A call may flip the health of any of them at any moment. */
const alwaysChanges = () => true;

export function ConnectionsPage() {
  const { apiKey } = useAccess();
  const mayWrite = useMay('connections:write');
  const { data, problem, reload } = useResource<{ connections: Connection[] }>({ path: '/v1/connections', apiKey, isChanging: alwaysChanges });
  return (
    <section>
      <title>Connections · Patchbay</title>
      <header className="page-head">
        <h1>Connections</h1>
        <p className="quiet">Your accounts at providers, and whether they work. Kept up to date.</p>
        {mayWrite && (
          <Link className="button primary" to="/connections/new">
            New connection
          </Link>
        )}
      </header>
      <PageProblem problem={problem} hasData={data !== null} />
      {data && <Providers connections={data.connections} />}
      {data?.connections.length === 0 && <NoConnections mayWrite={mayWrite} />}
      {!data && !problem && <Loading what="connections" />}
      {data && <DeletedConnections mayWrite={mayWrite} onUndeleted={reload} />}
    </section>
  );
}

function Providers({ connections }: { connections: Connection[] }) {
  const now = useNow(connections.length > 0);
  const byProvider = Object.entries(Object.groupBy(connections, ({ provider }) => provider));
  return byProvider
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([provider, ofProvider = []]) => (
      <section key={provider} className="provider">
        <h2>{provider}</h2>
        <ConnectionsTable connections={ofProvider} now={now} />
      </section>
    ));
}

function NoConnections({ mayWrite }: { mayWrite: boolean }) {
  return (
    <section className="first-call">
      <h2>No connections yet</h2>
      <p>
        A connection is an account of your organization at a provider, with its secret. Functions use it during calls;
        Patchbay tries it out before it stores it, watches whether it works, and shows its secret to nobody.
      </p>
      {mayWrite ? (
        <p>
          <Link to="/connections/new">Create the first one</Link>
        </p>
      ) : (
        <p>
          Your access is for reading; somebody with the permission <code>connections:write</code> can create one.
        </p>
      )}
    </section>
  );
}
