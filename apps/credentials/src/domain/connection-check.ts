import type { ConnectionCheck } from '@patchbay/contracts/connection-kinds';
import type { Connection } from '@patchbay/contracts/connections';
import { ServiceError } from '@patchbay/contracts/errors';

/** Who can mend it. */
export type Fault = NonNullable<Connection['reason']>['fault'];

/** What a provider made of a connection when it was tried out; the texts hold nothing that a provider wrote. */
export type Finding =
  | { kind: 'worked'; scopes: string[] | null }
  | { kind: 'refused'; text: string; scopes: string[] | null }
  | { kind: 'lacks_scope'; text: string; scopes: string[] | null }
  /** It says nothing about the connection. */
  | { kind: 'trouble'; text: string; fault: Fault };

export interface CheckAnswer {
  status: number;
  /** Whether the check's own condition holds; every 2xx without one. */
  success: boolean;
  /** Null: the provider did not say. */
  scopes: string[] | null;
}

/** Statuses by which a provider says that it cannot answer now. */
const BUSY = [408, 425, 429];

/** What the answer to a check means. `scopesKnown`: the provider told which scopes it granted, so a 403 is about those. */
export function findingOf({ status, success, scopes }: CheckAnswer, scopesKnown: boolean): Finding {
  const text = `The provider answered ${status} to the check`;
  if (success) return { kind: 'worked', scopes };
  if (status === 401) return { kind: 'refused', text: `${text}: it does not accept the secret.`, scopes };
  if (status === 403 && (scopesKnown || scopes !== null))
    return { kind: 'lacks_scope', text: `${text}: it knows the account, but does not allow this.`, scopes };
  if (status === 403) return { kind: 'refused', text: `${text}: it does not accept the account.`, scopes };
  if (status >= 200 && status < 300) return { kind: 'refused', text: `${text}, but not in the way that counts as success.`, scopes };
  const isProviders = status >= 500 || BUSY.includes(status);
  if (isProviders) return { kind: 'trouble', text: `${text}: it has trouble of its own.`, fault: 'provider' };
  return { kind: 'trouble', text: `${text}, which is neither success nor a refusal; correct the check.`, fault: 'organization' };
}

/** Spaces by RFC 6749, commas by habit. */
export function scopesOf(header: string | undefined): string[] | null {
  return header === undefined ? null : [...new Set(header.split(/[\s,]+/).filter((scope) => scope !== ''))];
}

const CHECK_EVERY_MS = 15 * 60_000;

/** About a quarter of an hour later; `share` from 0 to 1 keeps connections that were made together from being checked together. */
export function nextRoundAt(now: Date, share: number): Date {
  return new Date(now.getTime() + Math.round(CHECK_EVERY_MS * (0.9 + share / 5)));
}

export function nextCheckAt(check: ConnectionCheck | null, now: Date, share: number): Date | null {
  return check && nextRoundAt(now, share);
}

/** Throws `failed_precondition` for what did not prove to work, unless somebody takes that upon them. Nothing to try it out with is no refusal. */
export function requireAccepted(finding: Finding | null, acceptUnverified: boolean): void {
  if (finding === null || finding.kind === 'worked' || acceptUnverified) return;
  throw new ServiceError('failed_precondition', `${finding.text} Nothing was stored; to keep it all the same, set acceptUnverified.`);
}
