import type { Connection } from '@patchbay/contracts/connections';
import { Ago } from '../frame/ago.tsx';
import { ChangeProblem } from '../frame/notice.tsx';
import { useNow } from '../frame/use-now.ts';
import { useAccess } from '../gateway/access.ts';
import { useChange } from '../gateway/use-change.ts';
import { useResource } from '../gateway/use-resource.ts';

/** Somebody else may delete one; one comes to its end by itself. */
const alwaysChanges = () => true;

interface DeletedConnectionsProps {
  mayWrite: boolean;
  onUndeleted(): void;
}

/** What was deleted and can still be brought back; nothing is shown while there is none. */
export function DeletedConnections({ mayWrite, onUndeleted }: DeletedConnectionsProps) {
  const { apiKey } = useAccess();
  const change = useChange();
  const now = useNow(true);
  const { data, reload } = useResource<{ connections: Connection[] }>({ path: '/v1/connections?deleted=true', apiKey, isChanging: alwaysChanges });
  const deleted = data?.connections.filter(({ undeleteUntil }) => undeleteUntil !== null && Date.parse(undeleteUntil) > now.getTime()) ?? [];
  if (deleted.length === 0) return null;
  const undelete = async ({ connectionId }: Connection) => {
    if (!(await change.make('POST', `/v1/connections/${connectionId}/undelete`))) return;
    reload();
    onUndeleted();
  };
  return (
    <section className="deleted">
      <h2>Recently deleted</h2>
      <ChangeProblem problem={change.problem} />
      <ul>
        {deleted.map((connection) => (
          <li key={connection.connectionId}>
            <span>
              <strong>{connection.name}</strong> <span className="quiet">{connection.provider}</span>
            </span>
            <span className="quiet">
              secrets destroyed <Ago at={connection.undeleteUntil} now={now} />
            </span>
            {mayWrite && (
              <button type="button" disabled={change.isBusy} onClick={() => void undelete(connection)}>
                Undo <span className="unseen">the deletion of {connection.name}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
