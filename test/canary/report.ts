import type { Canary } from './canaries.ts';
import type { Scanner } from './scanner.ts';

/** Of one place. */
const MOST_DETAILS = 15;
const MEGABYTE = 1024 * 1024;

/** Where it was looked, and how often a secret of which kind was found there. */
export function tableText(scanner: Scanner, canaries: readonly Canary[]): string {
  const kinds = [...new Set(canaries.map(({ kind }) => kind))];
  const rows = [...scanner.places].map(([place, bytes]) => [
    place,
    `${(bytes / MEGABYTE).toFixed(1)} MB`,
    ...kinds.map((kind) => String(scanner.counts.get(place)?.get(kind) ?? 0)),
  ]);
  const all = [['place', 'read', ...kinds], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')).join('\n');
}

/** Each way to leak once, with an example. */
export function detailsText({ hits }: Scanner): string {
  const ways = Map.groupBy(hits, ({ place, where, canary, spelling }) => `${place}: ${where}: ${canary.kind} ${canary.part}, ${spelling}`);
  const shown = [...Map.groupBy(ways, ([, same]) => same[0]!.place).values()].flatMap((ofPlace) => ofPlace.slice(0, MOST_DETAILS));
  return shown
    .map(([way, same]) => `${way} (${same.length})\n    ${same[0]!.around}`)
    .join('\n');
}
