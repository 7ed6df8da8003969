import type { AuditEntry } from '@patchbay/contracts/audit';
import { Loading } from '../frame/notice.tsx';
import { Link } from '../frame/navigation.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { useAccess } from '../gateway/access.ts';
import { useResource } from '../gateway/use-resource.ts';
import { AuditFilter } from './audit-filter.tsx';
import { AuditTable } from './audit-table.tsx';
import { ExportLog } from './export-log.tsx';
import { VerifyLog } from './verify-log.tsx';

const PAGE_SIZE = 50;
const FILTERS = ['action', 'objectId'] as const;

/** Somebody may change something at any moment. */
const alwaysChanges = () => true;

/** `query`: of the address; which entries to show, and before which one. */
export function AuditPage({ query }: { query: URLSearchParams }) {
  const { apiKey } = useAccess();
  const filter = filterOf(query);
  const before = query.get('before');
  // One more than is shown tells whether there is an older page.
  const asked = new URLSearchParams({ limit: String(PAGE_SIZE + 1), ...filter, ...(before && { before }) });
  const { data, problem } = useResource<{ entries: AuditEntry[] }>({ path: `/v1/audit?${asked}`, apiKey, isChanging: alwaysChanges });
  return (
    <section>
      <title>Audit log · Patchbay</title>
      <header className="page-head">
        <h1>Audit log</h1>
        <p className="quiet">Who changed and used what, newest first. Entries are chained: none can be changed unseen.</p>
        <ExportLog filter={filter} />
      </header>
      <VerifyLog />
      <AuditFilter key={new URLSearchParams(filter).toString()} filter={filter} />
      <PageProblem problem={problem} hasData={data !== null} />
      {data && <Entries entries={data.entries} filter={filter} before={before} />}
      {!data && !problem && <Loading what="the audit log" />}
    </section>
  );
}

function filterOf(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? '']).filter(([, value]) => value !== ''));
}

interface EntriesProps {
  entries: AuditEntry[];
  filter: Record<string, string>;
  before: string | null;
}

function Entries({ entries, filter, before }: EntriesProps) {
  const shown = entries.slice(0, PAGE_SIZE);
  const last = entries.length > PAGE_SIZE ? shown.at(-1) : undefined;
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      {shown.length > 0 ? (
        <AuditTable entries={shown} />
      ) : (
        <p className="empty">
          {isFiltered ? 'No entry fits this filter. ' : 'Nothing was changed yet. '}
          {isFiltered && <Link to="/audit">Show all entries</Link>}
        </p>
      )}
      <nav className="paging" aria-label="Pages of the audit log">
        {before && <Link to={`/audit?${new URLSearchParams(filter)}`}>← Newest</Link>}
        {last && <Link to={`/audit?${new URLSearchParams({ ...filter, before: last.auditId })}`}>Older →</Link>}
      </nav>
    </>
  );
}
