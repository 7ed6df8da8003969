import type { Session } from '@patchbay/contracts/calls';
import { Loading } from '../frame/notice.tsx';
import { Link } from '../frame/navigation.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { useAccess } from '../gateway/access.ts';
import { useResource } from '../gateway/use-resource.ts';
import { FirstCall } from './first-call.tsx';
import { SessionsTable } from './sessions-table.tsx';

const PAGE_SIZE = 50;

/** A call may start at any moment. */
const alwaysChanges = () => true;

export function SessionsPage({ before }: { before: string | null }) {
  const { apiKey } = useAccess();
  // One more than is shown tells whether there is an older page.
  const query = new URLSearchParams({ limit: String(PAGE_SIZE + 1), ...(before && { before }) });
  const { data, problem } = useResource<{ sessions: Session[] }>({
    path: `/v1/sessions?${query}`,
    apiKey,
    isChanging: alwaysChanges,
  });
  return (
    <section>
      <title>Sessions · Patchbay</title>
      <header className="page-head">
        <h1>Sessions</h1>
        <p className="quiet">
          {before ? 'Older calls, newest first.' : 'One session is one call. Newest first, kept up to date.'}
        </p>
      </header>
      <PageProblem problem={problem} hasData={data !== null} />
      {data && <SessionsList sessions={data.sessions} before={before} />}
      {!data && !problem && <Loading what="sessions" />}
    </section>
  );
}

function SessionsList({ sessions, before }: { sessions: Session[]; before: string | null }) {
  if (sessions.length === 0 && !before) return <FirstCall />;
  const shown = sessions.slice(0, PAGE_SIZE);
  const last = sessions.length > PAGE_SIZE ? shown.at(-1) : undefined;
  return (
    <>
      {shown.length > 0 ? <SessionsTable sessions={shown} /> : <p className="empty">There are no older sessions.</p>}
      <nav className="paging" aria-label="Pages of sessions">
        {before && <Link to="/">← Newest</Link>}
        {last && <Link to={`/?before=${encodeURIComponent(last.sessionId)}`}>Older →</Link>}
      </nav>
    </>
  );
}
