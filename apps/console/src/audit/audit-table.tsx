import type { AuditEntry } from '@patchbay/contracts/audit';
import { formatMoment } from '../frame/format.ts';
import { Link } from '../frame/navigation.tsx';
import { actionWords, actorWords, objectPath } from './audit-words.ts';
import { useActorNames } from './use-actor-names.ts';

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const names = useActorNames();
  const now = new Date();
  return (
    <table className="table audit">
      <thead>
        <tr>
          <th scope="col">No.</th>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">Did what</th>
          <th scope="col">To what</th>
          <th scope="col">Changed</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <EntryRow key={entry.auditId} entry={entry} names={names} now={now} />
        ))}
      </tbody>
    </table>
  );
}

interface EntryRowProps {
  entry: AuditEntry;
  names: ReadonlyMap<string, string>;
  now: Date;
}

function EntryRow({ entry, names, now }: EntryRowProps) {
  const { sequence, at, actor, action, changed, hash, previous } = entry;
  const { who, kind } = actorWords(actor, names);
  return (
    <tr>
      <td data-label="No." title={`hash ${hash}\nof the one before ${previous}`}>
        {sequence}
      </td>
      <td data-label="When" className="when">
        <time dateTime={at}>{formatMoment(at, now)}</time>
      </td>
      <td data-label="Who">
        {who} <span className="quiet small">{kind}</span>
      </td>
      <td data-label="Did what" className="name">
        {actionWords(action)}
      </td>
      <td data-label="To what">
        <ObjectName object={entry.object} />
      </td>
      <td data-label="Changed" className="changed">
        {changed.length === 0 ? <span className="quiet">–</span> : changed.map((field) => <code key={field}>{field}</code>)}
      </td>
      <td data-label="From" className="from small">
        {actor.from ?? <span className="quiet">inside</span>}
      </td>
    </tr>
  );
}

function ObjectName({ object }: { object: AuditEntry['object'] }) {
  const path = objectPath(object);
  const name = object.name ?? object.id;
  return (
    <>
      {path ? <Link to={path}>{name}</Link> : name} <span className="quiet small">{object.kind.replaceAll('_', ' ')}</span>
    </>
  );
}
