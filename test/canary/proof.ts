import type { Canaries, Canary } from './canaries.ts';
import type { Provider } from './provider.ts';
import { Scanner } from './scanner.ts';

/** These go to no provider of ours: refused ones, keys that only sign, and those of other programs, whose own providers refuse every other secret. */
const SENT_NOWHERE = ['refused', 'signing_secret', 'API key', 'edge', 'session', 'replay', 'faults', 'stories'];

/** The secrets that a provider never received: that they are found nowhere would say nothing. */
export function neverReceived(provider: Provider, { all }: Canaries): string[] {
  const scanner = new Scanner(all);
  scanner.scan('the provider', 'its record', provider.record);
  const received = new Set(scanner.hits.map(({ canary }) => canary));
  const isProven = (canary: Canary) => received.has(canary) || SENT_NOWHERE.includes(canary.kind) || isSpare(canary, received);
  const unsigned = provider.signatures > 0 ? [] : ['a signature with the signing secret'];
  return [...all.filter((canary) => !isProven(canary)).map(({ kind, part }) => `the ${part} of ${kind}`), ...unsigned];
}

/** Of the refresh tokens of an account the newest waits for a refresh that may not come within the run. */
function isSpare({ kind, part }: Canary, received: ReadonlySet<Canary>): boolean {
  return part === 'refresh token' && [...received].some((other) => other.kind === kind && other.part === part);
}
