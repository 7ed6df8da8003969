import { ServiceError } from '@patchbay/contracts/errors';
import type { Permission } from '@patchbay/contracts/permissions';

export interface ApiKeyState {
  apiKeyId: string;
  name: string;
  permissions: Permission[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Until its expiry, excluding the moment itself. */
export function isActive({ expiresAt, revokedAt }: Pick<ApiKeyState, 'expiresAt' | 'revokedAt'>, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

/** Null when nothing was asked for: it does not expire. */
export function expiryAfter(days: number | undefined, now: Date): Date | null {
  return days === undefined ? null : new Date(now.getTime() + days * DAY_MS);
}

/** The role that the release before reads; only the right to make organizations tells them apart. */
export function roleOf(permissions: readonly Permission[]): 'operator' | 'member' {
  return permissions.includes('organizations:create') ? 'operator' : 'member';
}

export interface Rotation {
  /** When the replacement ends. */
  expiresAt: Date | null;
  /** When the one that is replaced ends. */
  oldEndsAt: Date;
}

/**
 * What replacing a key does, or why it cannot be. `sameName` are all keys of its name. A replacement lives as long as the old one was made
 * to, unless told otherwise: rotating must not turn a key that ends into one that never does.
 */
export function rotation(
  key: ApiKeyState,
  sameName: ApiKeyState[],
  asked: { overlapHours: number; expiresAfterDays?: number | undefined },
  now: Date,
): Rotation {
  if (!isActive(key, now)) throw new ServiceError('failed_precondition', 'This API key has ended; create a new one in its place.');
  const other = sameName.find((sibling) => sibling.apiKeyId !== key.apiKeyId && isActive(sibling, now));
  if (other) throw new ServiceError('failed_precondition', `Two keys of this name work already; revoke ${other.apiKeyId} or wait until one of them ends.`);
  const overlapEndsAt = new Date(now.getTime() + asked.overlapHours * HOUR_MS);
  return { expiresAt: replacementExpiry(key, asked.expiresAfterDays, now), oldEndsAt: earlier(key.expiresAt, overlapEndsAt) };
}

function replacementExpiry({ createdAt, expiresAt }: ApiKeyState, days: number | undefined, now: Date): Date | null {
  if (days !== undefined || expiresAt === null) return expiryAfter(days, now);
  return new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime());
}

function earlier(first: Date | null, second: Date): Date {
  return first !== null && first < second ? first : second;
}
