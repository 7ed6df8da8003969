import type { Connection } from '@patchbay/contracts/connections';
import { Link } from '../frame/navigation.tsx';
import { WhenCell } from '../frame/when-cell.tsx';
import { HealthBadge, Marks, StatusBadge } from './connection-badges.tsx';
import { faultWords } from './health-words.ts';
import { kindTitle } from './kinds.ts';

/** The connections to one provider. */
export function ConnectionsTable({ connections, now }: { connections: Connection[]; now: Date }) {
  return (
    <table className="table connections">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Kind</th>
          <th scope="col">Status</th>
          <th scope="col">Health</th>
          <th scope="col">Checked</th>
          <th scope="col">Last good use</th>
          <th scope="col">Next refresh</th>
        </tr>
      </thead>
      <tbody>
        {connections.map((connection) => (
          <ConnectionRow key={connection.connectionId} connection={connection} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function ConnectionRow({ connection, now }: { connection: Connection; now: Date }) {
  const { connectionId, name, kind, reason, lastCheckedAt, lastUsedAt, nextRefreshAt } = connection;
  return (
    <tr>
      <td className="name">
        <Link className="row-link" to={`/connections/${connectionId}`}>
          {name}
        </Link>{' '}
        <Marks connection={connection} />
      </td>
      <td data-label="Kind">{kindTitle(kind)}</td>
      <td data-label="Status">
        <StatusBadge connection={connection} />
      </td>
      <td data-label="Health" className="health">
        <HealthBadge connection={connection} />
        {reason && (
          <p className="small">
            {reason.text} <span className="quiet">{faultWords(reason.fault)}</span>
          </p>
        )}
      </td>
      <WhenCell label="Checked" at={lastCheckedAt} now={now} />
      <WhenCell label="Last good use" at={lastUsedAt} now={now} />
      <WhenCell label="Next refresh" at={nextRefreshAt} now={now} none="–" />
    </tr>
  );
}
