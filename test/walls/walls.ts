// `npm run walls`: one organization asks for everything of another's, on every route and subject, and in every table.
import { onStopSignal } from '../../infra/local/stop-signal.ts';
import { startPlatform } from '../canary/platform.ts';
import { Sweep } from './sweep.ts';

const stop = onStopSignal();
process.exit(await main().catch(reportFailure));

async function main(): Promise<number> {
  const platform = await startPlatform(process.env, stop);
  try {
    const sweep = await Sweep.prepare(platform.dataDir, platform.running);
    const problems = await walk(sweep);
    await sweep.close();
    return problems.length === 0 ? 0 : 1;
  } finally {
    await platform.stop();
    platform.remove();
  }
}

async function walk(sweep: Sweep): Promise<string[]> {
  const unreadable = await sweep.readByOwner();
  const { result, changed } = await sweep.changesDuring(async () => ({
    rest: await sweep.rest(),
    contracts: await sweep.contracts(),
    edge: await sweep.edge(),
    subjects: await sweep.subjects(),
  }));
  const rows = await sweep.rowLevel();
  const { rest, contracts, edge, subjects } = result;
  const swept = [rest, contracts, edge];
  const reads = swept.flatMap(({ leaks }) => leaks);
  const unexercised = swept.flatMap((one) => one.unexercised);
  for (const { codes } of swept) console.log(Object.entries(codes).map(([code, count]) => `${count} ${code}`).join(', '));
  console.log(`tables without a row to reach: ${rows.empty.join(', ') || 'none'}`);
  const effects = [...changed.map((table) => `${table} changed`), ...(sweep.heard > 0 ? [`${sweep.heard} events of the owner's calls`] : [])];
  const problems = [...unreadable.map((path) => `the owner reads nothing at ${path}`), ...reads, ...effects, ...unexercised, ...subjects.open, ...rows.problems];
  for (const problem of problems) console.log(problem);
  const figures = { routes: rest.targets, contracts: contracts.targets, operations: edge.targets, calls: rest.calls + contracts.calls + edge.calls };
  const found = { reads: reads.length, effects: effects.length, unexercised: unexercised.length, subjects: subjects.subjects, open: subjects.open.length };
  console.log(JSON.stringify({ ...figures, ...found, tables: rows.tables, filled: rows.filled.length, statements: rows.statements, rowsReached: rows.problems.length }));
  return problems;
}

function reportFailure(error: unknown): number {
  console.error(stop.aborted ? 'Stopped before the end: nothing was proven.' : `The walls could not be tried: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return stop.aborted ? 130 : 1;
}
