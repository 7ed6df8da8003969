import type { Connection } from '@patchbay/contracts/connections';
import { Ago } from '../frame/ago.tsx';
import { momentsOf } from './moments.ts';

/** What happened and what will, with now in between. */
export function MomentList({ connection, now }: { connection: Connection; now: Date }) {
  return (
    <section className="panel">
      <h2>Timeline</h2>
      <ol className="moments">
        {momentsOf(connection).map(({ what, at }) => (
          <li key={what} data-ahead={isAhead(at, now) || undefined}>
            <span>{what}</span>
            <Ago at={at} now={now} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The clock of the page is up to a second behind, and not the platform's. */
const CLOCKS_DIFFER_MS = 3_000;

function isAhead(at: string, now: Date): boolean {
  return Date.parse(at) - now.getTime() > CLOCKS_DIFFER_MS;
}
