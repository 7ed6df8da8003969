/** One thing that was measured, and what it has to be. */
export interface Figure {
  /** `case: what was measured`. */
  name: string;
  figure: number;
  /** In words, e.g. `<= 100 ms`. */
  bound: string;
  pass: boolean;
  /** The first offenders, for whoever has to find out why; only when it did not pass. */
  offenders?: string[];
}

const SHOWN_OFFENDERS = 5;

/** A figure of nothing (NaN) never passes: what was not measured did not hold. */
export function atMost(name: string, figure: number, most: number, unit = ''): Figure {
  return { name, figure: rounded(figure), bound: `<= ${most}${unit && ` ${unit}`}`, pass: figure <= most };
}

export function atLeast(name: string, figure: number, least: number, unit = ''): Figure {
  return { name, figure: rounded(figure), bound: `>= ${least}${unit && ` ${unit}`}`, pass: figure >= least };
}

export function exactly(name: string, figure: number, expected: number): Figure {
  return { name, figure: rounded(figure), bound: `= ${expected}`, pass: figure === expected };
}

/** There must be none of these. */
export function none(name: string, offenders: readonly string[]): Figure {
  const passed = exactly(name, offenders.length, 0);
  return offenders.length === 0 ? passed : { ...passed, offenders: offenders.slice(0, SHOWN_OFFENDERS) };
}

function rounded(figure: number): number {
  return Math.round(figure * 10) / 10;
}
