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
          <li key={what} data-ahead={Date.parse(at) > now.getTime() || undefined}>
            <span>{what}</span>
            <Ago at={at} now={now} />
          </li>
        ))}
      </ol>
    </section>
  );
}
