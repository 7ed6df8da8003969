/** Short words are one letter away from too many others: "gold" from "good". */
const SHORTEST_LETTERS = 5;

/** Whether somebody who typed this may have meant that: one letter more, less, other or swapped, and the same beginning. */
export function isMisspelling(typed: string, meant: string): boolean {
  if (typed.length < SHORTEST_LETTERS || typed[0] !== meant[0] || Math.abs(typed.length - meant.length) > 1) return false;
  let same = 0;
  while (same < typed.length && typed[same] === meant[same]) same += 1;
  const typedRest = typed.slice(same);
  const meantRest = meant.slice(same);
  const swapped = typedRest[0] === meantRest[1] && typedRest[1] === meantRest[0] && typedRest.slice(2) === meantRest.slice(2);
  return typedRest.slice(1) === meantRest || typedRest === meantRest.slice(1) || typedRest.slice(1) === meantRest.slice(1) || swapped;
}
