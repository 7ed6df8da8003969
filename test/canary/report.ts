import type { Canary } from './canaries.ts';
import type { Scanner } from './scanner.ts';

/** Of one place. */
const MOST_DETAILS = 15;
const KILOBYTE = 1024;

/** Where it was looked, and how often a secret of which kind was found there. */
export function tableText(scanner: Scanner, canaries: readonly Canary[]): string {
  const kinds = [...new Set(canaries.map(({ kind }) => kind))];
  const rows = [...scanner.places].map(([place, bytes]) => [
    place,
    `${Math.ceil(bytes / KILOBYTE)} kB`,
    ...kinds.map((kind) => String(scanner.counts.get(place)?.get(kind) ?? 0)),
  ]);
  return aligned([['place', 'read', ...kinds], ...rows]);
}

/** The same of so many kinds of secrets that a column each would be too many. */
export function placesText(scanner: Scanner): string {
  const rows = [...scanner.places].map(([place, bytes]) => {
    const hits = [...(scanner.counts.get(place)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
    return [place, `${Math.ceil(bytes / KILOBYTE)} kB`, String(hits)];
  });
  return aligned([['place', 'read', 'secrets found'], ...rows]);
}

/** Each way to leak once, with an example; the rarest first, which are the ways that nobody thinks of. */
export function detailsText({ hits }: Scanner): string {
  const ways = Map.groupBy(hits, ({ place, where, canary, spelling }) => `${place}: ${where}: ${canary.kind} ${canary.part}, ${spelling}`);
  const shown = [...Map.groupBy(ways, ([, same]) => same[0]!.place).values()].flatMap((ofPlace) => ofPlace.toSorted(([, a], [, b]) => a.length - b.length).slice(0, MOST_DETAILS));
  return shown
    .map(([way, same]) => `${way} (${same.length})\n    ${same[0]!.around}`)
    .join('\n');
}

function aligned(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')).join('\n');
}
