import { describe, expect, it } from '@jest/globals';
import type { ConnectionState } from '@patchbay/contracts/connections';
import { notReady } from './readiness.ts';

const WORKING: ConnectionState = {
  organizationId: 'org_1',
  connectionId: 'conn_1',
  provider: 'calcom',
  version: 1,
  lifecycle: 'active',
  health: 'healthy',
  environment: 'live',
  isDefault: true,
  grantedScopes: ['calendar.read'],
  reason: null,
  origins: [],
};
const needs = (requiredScopes?: string[]) => ({ origin: 'https://api.example', ...(requiredScopes ? { requiredScopes } : {}) });
const reasonOf = (changes: Partial<ConnectionState>, required?: string[]) => notReady({ ...WORKING, ...changes }, needs(required), 'en')?.reason;

describe('a function', () => {
  it.each(['unverified', 'healthy', 'expiring', 'degraded', 'scope_insufficient', 'refresh_failing'] as const)(
    'is ready while its connection is %s: only a try can tell',
    (health) => {
      expect(reasonOf({ health })).toBeUndefined();
    },
  );

  it.each(['reconnect_required', 'revoked'] as const)('is not ready while its connection is %s', (health) => {
    expect(reasonOf({ health })).toBe('credential_invalid');
  });

  it.each([
    ['draft', 'was never finished'],
    ['disabled', 'was switched off'],
    ['deleted', 'was deleted'],
  ] as const)('is not ready while its connection is a %s one, and says why', (lifecycle, words) => {
    expect(notReady({ ...WORKING, lifecycle }, needs(), 'en')).toMatchObject({ reason: 'connection_missing', message: expect.stringContaining(words) });
  });

  it('is not ready while a scope that it needs was not granted', () => {
    expect(reasonOf({}, ['calendar.read'])).toBeUndefined();
    expect(notReady(WORKING, needs(['calendar.read', 'calendar.write']), 'en')).toMatchObject({
      reason: 'scope_missing',
      message: expect.stringContaining('calendar.write was not granted'),
    });
  });

  it('is ready when the provider never said what it granted, or nothing is known of the connection', () => {
    expect(reasonOf({ grantedScopes: null }, ['calendar.write'])).toBeUndefined();
    expect(notReady(undefined, needs(['calendar.write']), 'en')).toBeNull();
  });

  it('is not ready while its connection is not for the address that it leads to', () => {
    expect(reasonOf({ origins: ['https://other.example'] })).toBe('egress_blocked');
    expect(reasonOf({ origins: ['https://other.example', 'https://api.example'] })).toBeUndefined();
    expect(notReady({ ...WORKING, origins: ['https://other.example'] }, { origin: null }, 'en')).toBeNull();
  });

  it('has a sentence for the caller in the language of the agent that names no account', () => {
    const say = (language: 'en' | 'es' | 'de') => notReady({ ...WORKING, health: 'revoked' }, needs(), language)!.say;

    expect([say('en'), say('es'), say('de')]).toEqual([
      expect.stringContaining('I cannot do that'),
      expect.stringContaining('no puedo hacerlo'),
      expect.stringContaining('kann ich gerade nicht'),
    ]);
  });
});
