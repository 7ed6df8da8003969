import type { Connection, ConnectionStatus, Health } from '@patchbay/contracts/connections';
import type { Tone } from '../frame/badge.tsx';
import { isAgreedTo } from './kinds.ts';

export const STATUS_TONES: Readonly<Record<ConnectionStatus, Tone>> = {
  connected: 'good',
  pending: 'warning',
  error: 'bad',
  disconnected: 'quiet',
};

interface HealthWords {
  tone: Tone;
  words: string;
}

const HEALTH: Readonly<Record<Health, HealthWords>> = {
  unverified: { tone: 'doubt', words: 'not verified yet' },
  healthy: { tone: 'good', words: 'healthy' },
  expiring: { tone: 'warning', words: 'expires soon' },
  degraded: { tone: 'warning', words: 'has trouble' },
  scope_insufficient: { tone: 'bad', words: 'lacks a permission' },
  refresh_failing: { tone: 'bad', words: 'cannot be refreshed' },
  reconnect_required: { tone: 'bad', words: 'must be reconnected' },
  revoked: { tone: 'bad', words: 'access was taken back' },
};

export function healthWords(health: Health): HealthWords {
  return HEALTH[health];
}

type Fault = NonNullable<Connection['reason']>['fault'];

const FAULTS: Readonly<Record<Fault, string>> = {
  organization: 'Your organization can mend this.',
  provider: 'The provider has to mend this.',
  platform: 'Whoever runs Patchbay has to mend this.',
};

export function faultWords(fault: Fault): string {
  return FAULTS[fault];
}

/** What a person can do about it; null when nothing has to be done. */
export function wayOut({ kind, settings, health, lifecycle, check }: Connection): string | null {
  if (lifecycle === 'deleted') return null;
  if (lifecycle === 'draft') return 'Connect the account: somebody has to sign in at the provider and agree.';
  if (lifecycle === 'disabled') return 'It is not used until you enable it.';
  const isAccount = isAgreedTo({ kind, settings });
  if (health === 'reconnect_required' || health === 'revoked' || health === 'refresh_failing') {
    return isAccount ? 'Connect the account again.' : 'Get a new secret from the provider and rotate to it.';
  }
  if (health === 'scope_insufficient') {
    return isAccount ? 'Connect the account again and grant what is missing.' : 'Give the account more rights at the provider.';
  }
  return health === 'unverified' && !check ? 'It has no check, so only its first use will tell. Give it one.' : null;
}
