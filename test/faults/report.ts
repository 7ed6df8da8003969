import type { Figure } from './figure.ts';

export interface FaultResult {
  seed: number;
  figures: Figure[];
}

/** The last line: what a program reads of a run. */
export function summaryOf({ seed, figures }: FaultResult): string {
  const cases = figures.map(({ name, figure, bound, pass }) => ({ name, figure: Number.isFinite(figure) ? figure : null, bound, pass }));
  return JSON.stringify({ seed, cases, failed: figures.filter(({ pass }) => !pass).length });
}

/** A table for people: each figure beside its bound, and the first offenders below those that did not hold. */
export function reportText({ seed, figures }: FaultResult): string {
  const width = Math.max(0, ...figures.map(({ name }) => name.length));
  const rows = figures.map(lineOf(width));
  const failed = figures.filter(({ pass }) => !pass).length;
  return [...rows, '', `${figures.length - failed} held, ${failed} did not; seed ${seed}`].join('\n');
}

export function lineOf(width: number): (figure: Figure) => string {
  return ({ name, figure, bound, pass, offenders = [] }) => {
    const line = `${pass ? 'held  ' : 'FAILED'} ${name.padEnd(width)} ${textOf(figure).padStart(10)}   ${bound}`;
    return [line, ...offenders.map((offender) => `         ${offender}`)].join('\n');
  };
}

/** What did not happen, and therefore could not be measured, has no number. */
function textOf(figure: number): string {
  return Number.isFinite(figure) ? String(figure) : 'never';
}
