import { describe, expect, it } from '@jest/globals';
import { Connection, Health } from '@patchbay/contracts/connections';
import { healthWords, wayOut } from './health-words.ts';

const WORKS = { connectionId: 'conn_1', name: 'Cal', provider: 'calcom', kind: 'bearer', hint: '', version: 1, createdAt: '2026-03-01T00:00:00Z' };
const aConnection = (facts: object) => Connection.parse({ ...WORKS, ...facts });
const agreed = { kind: 'oauth2_authorization_code', settings: { oauth: { clientId: 'patchbay' } } };

describe('healthWords', () => {
  it.each(Health.options)('has words for %s', (health) => {
    expect(healthWords(health).words).not.toBe('');
  });
});

describe('wayOut', () => {
  it.each([
    [{ ...agreed, health: 'reconnect_required' }, 'Connect the account again.'],
    [{ health: 'reconnect_required' }, 'Get a new secret from the provider and rotate to it.'],
    [{ ...agreed, lifecycle: 'draft' }, 'Connect the account: somebody has to sign in at the provider and agree.'],
    [{ health: 'scope_insufficient' }, 'Give the account more rights at the provider.'],
    [{ health: 'unverified' }, 'It has no check, so only its first use will tell. Give it one.'],
  ])('of %j is: %s', (facts, way) => {
    expect(wayOut(aConnection(facts))).toBe(way);
  });

  const nothingToDo = [{ health: 'healthy' }, { health: 'degraded' }, { lifecycle: 'deleted', health: 'revoked' }];

  it.each(nothingToDo)('asks for nothing where nothing can be done: %j', (facts) => {
    expect(wayOut(aConnection(facts))).toBeNull();
  });
});
