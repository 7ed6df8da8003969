import type { AuditEntry } from '@patchbay/contracts/audit';
import { Ago } from '../frame/ago.tsx';
import { Link } from '../frame/navigation.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { useAccess, useMay } from '../gateway/access.ts';
import { useResource } from '../gateway/use-resource.ts';
import { actionWords, actorWords } from './audit-words.ts';
import { useActorNames } from './use-actor-names.ts';

const SHOWN = 8;

/** Its next change may come at any moment. */
const alwaysChanges = () => true;

/** The newest entries of the audit log about one thing; nothing for those who may not read the log. */
export function History({ objectId, now }: { objectId: string; now: Date }) {
  return useMay('audit:read') ? <Entries objectId={objectId} now={now} /> : null;
}

function Entries({ objectId, now }: { objectId: string; now: Date }) {
  const { apiKey } = useAccess();
  const names = useActorNames();
  const path = `/v1/audit?${new URLSearchParams({ objectId, limit: String(SHOWN) })}`;
  const { data, problem } = useResource<{ entries: AuditEntry[] }>({ path, apiKey, isChanging: alwaysChanges });
  return (
    <section className="panel">
      <h2>History</h2>
      <PageProblem problem={problem} hasData={data !== null} />
      <ol className="history">
        {data?.entries.map(({ auditId, action, actor, at, changed }) => (
          <li key={auditId}>
            <span>
              <strong>{actionWords(action)}</strong> by {actorWords(actor, names).who}
            </span>
            <Ago at={at} now={now} />
            {changed.length > 0 && <span className="quiet small">{changed.join(', ')}</span>}
          </li>
        ))}
      </ol>
      <p>
        <Link to={`/audit?objectId=${objectId}`}>All of it in the audit log</Link>
      </p>
    </section>
  );
}
