import type { Hit } from './scanner.ts';

/** A known secret of the tests where one has to be. */
export interface Exception {
  place: string;
  where: RegExp;
  kind: RegExp;
  reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    place: 'HTTP answers',
    where: /^GET \/v1\/sign-in\/callback$/,
    kind: /^sessionToken$/,
    reason: 'This is how a browser gets its session: in the cookie that is set at the end of a sign-in, and nowhere else.',
  },
  {
    place: 'NATS messages',
    where: /^CONNECT$/,
    kind: /^tour: login of an edge$/,
    reason: 'An edge logs in with its JWT, beside which it must sign with its seed; it is told to the server and to nobody else.',
  },
];

export function exceptionFor({ place, where, canary }: Pick<Hit, 'place' | 'where' | 'canary'>): Exception | undefined {
  return EXCEPTIONS.find((exception) => exception.place === place && exception.where.test(where) && exception.kind.test(canary.kind));
}
