import { describe, expect, it } from '@jest/globals';
import type { Health } from '@patchbay/contracts/connections';
import { aConnection } from '../../testing/a-connection.ts';
import { findingOf, type Finding } from './connection-check.ts';
import { learned, tried, unproven, type HealthEvent } from './connection-health.ts';
import type { StoredConnection } from './connection.ts';

const now = new Date('2026-11-21T08:00:00.000Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const check = { method: 'GET', url: 'https://a.example/me' } as const;
const bearer: StoredConnection = { ...aConnection(now, { check }), version: 2 };
const oauth: StoredConnection = {
  ...bearer,
  kind: 'oauth2_authorization_code',
  settings: { oauth: { clientId: 'us', scopes: ['read', 'write', 'openid'], clientAuthentication: 'basic' } },
};

const used = (use: 'worked' | 'refused' | 'lacks_scope', more: object = {}): HealthEvent => ({
  kind: 'used',
  at: later(600),
  version: 2,
  use,
  byFallback: false,
  ...more,
});
const checked = (finding: Finding): HealthEvent => ({ kind: 'checked', at: later(600), version: 2, finding });
const worked: Finding = { kind: 'worked', scopes: null };
const refused: Finding = { kind: 'refused', text: 'No.', scopes: null };
const trouble: Finding = { kind: 'trouble', text: 'Away.', fault: 'provider' };
const tokens = { at: later(300), grantedScopes: ['read', 'write'], expiresAt: later(3_900), nextRefreshAt: later(2_000) };
const after = (connection: StoredConnection, ...events: HealthEvent[]) => events.reduce(learned, connection);
const being = (health: Health, connection = bearer): StoredConnection => ({ ...connection, health });

describe('real traffic', () => {
  it('flips a connection at once when the provider refuses it, and plans a check right away', () => {
    expect(after(being('healthy'), used('refused', { status: 401 }))).toMatchObject({
      health: 'reconnect_required',
      reason: { text: 'The provider does not accept the secret (401).', fault: 'organization' },
      nextCheckAt: later(600),
    });
  });

  it('says nothing about this secret when an older one was refused, or worked', () => {
    expect(after(being('healthy'), used('refused', { version: 1 }))).toEqual(being('healthy'));
    expect(after(being('degraded'), used('worked', { version: 1 }))).toEqual(being('degraded'));
  });

  it.each(['unverified', 'degraded', 'healthy'] as const)('that works makes a connection healthy that was %s', (health) => {
    expect(after(being(health), used('worked'))).toMatchObject({ health: 'healthy', reason: null, lastUsedAt: later(600) });
  });

  it('that works takes back what real traffic said', () => {
    expect(after(being('healthy'), used('refused'), used('worked'))).toMatchObject({ health: 'healthy', refusedAt: null });
  });

  it.each(['revoked', 'expiring', 'refresh_failing', 'reconnect_required'] as const)('that works does not mend what is %s', (health) => {
    expect(after(being(health), used('worked')).health).toBe(health);
  });

  it('that lacks a permission is no reason to connect again, and that something else is allowed does not mend it', () => {
    const lacking = after(being('healthy'), used('lacks_scope', { status: 403 }));

    expect(lacking).toMatchObject({ health: 'scope_insufficient', reason: { fault: 'organization' } });
    expect(after(lacking, used('worked')).health).toBe('scope_insufficient');
  });

  it('on the previous secret shows that the current one is refused, while there is a previous one', () => {
    const until = later(9_000).toISOString();
    const rotated = { ...being('healthy'), slots: [{ slot: 'previous' as const, version: 1, hint: '', since: until, until }] };

    expect(after(rotated, used('worked', { version: 1, byFallback: true }))).toMatchObject({ health: 'degraded', reason: { fault: 'organization' } });
    expect(after(being('healthy'), used('worked', { version: 1, byFallback: true }))).toEqual(being('healthy'));
  });

  it('gets another chance after a while where nothing else could show that it works', () => {
    const flipped = after({ ...being('healthy'), check: null }, used('refused'));

    expect(flipped).toMatchObject({ health: 'reconnect_required', nextCheckAt: later(600 + 900) });
    expect(after(flipped, { kind: 'probation', at: later(1_500) })).toMatchObject({ health: 'unverified', nextCheckAt: null });
  });
});

describe('a check', () => {
  it('that works makes a connection healthy again that was refused', () => {
    expect(after(being('healthy'), checked(refused))).toMatchObject({ health: 'reconnect_required', lastCheckedAt: later(600) });
    expect(after(being('healthy'), checked(refused), checked(worked))).toMatchObject({ health: 'healthy', reason: null });
  });

  it.each(['unverified', 'healthy', 'degraded'] as const)('of a dead provider is the fault of the provider: %s becomes degraded', (health) => {
    expect(after(being(health), checked(trouble))).toMatchObject({ health: 'degraded', reason: { text: 'Away.', fault: 'provider' } });
  });

  it.each(['revoked', 'reconnect_required', 'scope_insufficient', 'refresh_failing'] as const)('of a dead provider says nothing about what is %s', (health) => {
    expect(after(being(health), checked(trouble)).health).toBe(health);
  });

  it('of another version says nothing', () => {
    expect(after(bearer, { ...checked(refused), version: 1 } as HealthEvent)).toBe(bearer);
  });

  it('mends a missing permission only if nobody knows better, or the provider lists its scopes', () => {
    const lacking = after(being('healthy'), used('lacks_scope'));
    const known = { ...lacking, grantedScopes: ['read'] };

    expect(after(lacking, checked(worked)).health).toBe('healthy');
    expect(after(known, checked(worked)).health).toBe('scope_insufficient');
    expect(after(known, checked({ kind: 'worked', scopes: ['read', 'book'] }))).toMatchObject({ health: 'healthy', grantedScopes: ['read', 'book'] });
  });
});

describe('what an answer to a check means', () => {
  const meaning = (status: number, more: object = {}, known = false) =>
    findingOf({ status, success: status >= 200 && status < 300, scopes: null, ...more }, known);

  it.each([
    [200, 'worked', undefined],
    [401, 'refused', undefined],
    [403, 'refused', undefined],
    [404, 'trouble', 'organization'],
    [302, 'trouble', 'organization'],
    [408, 'trouble', 'provider'],
    [429, 'trouble', 'provider'],
    [500, 'trouble', 'provider'],
    [503, 'trouble', 'provider'],
  ] as const)('%i: %s', (status, kind, fault) => {
    expect(meaning(status)).toMatchObject({ kind, ...(fault ? { fault } : {}) });
  });

  it('403 is about permissions once scopes are known', () => {
    expect(meaning(403, {}, true).kind).toBe('lacks_scope');
    expect(meaning(403, { scopes: ['read'] }).kind).toBe('lacks_scope');
  });

  it('200 with an error in it is a refusal', () => {
    expect(meaning(200, { success: false }).kind).toBe('refused');
  });
});

describe('an account connected by OAuth', () => {
  const connected = after({ ...oauth, lifecycle: 'draft' }, { kind: 'authorized', ...tokens });

  it('is active and healthy from the consent on, and checked at once', () => {
    expect(connected).toMatchObject({ lifecycle: 'active', health: 'healthy', expiresAt: later(3_900), nextCheckAt: later(300), lastRefreshedAt: later(300) });
  });

  it('lacks what was asked for and not granted; what only asks who somebody is does not count', () => {
    expect(after(oauth, { kind: 'authorized', ...tokens, grantedScopes: ['read'] })).toMatchObject({
      health: 'scope_insufficient',
      reason: { text: 'The provider granted less than was asked for: write is missing.' },
    });
    expect(after(oauth, { kind: 'authorized', ...tokens, grantedScopes: null }).health).toBe('healthy');
  });

  it('gets a new token when the provider refuses the old one, and is unproven until that works', () => {
    const refusedOnce = after(connected, used('refused'));
    const refreshed = after(refusedOnce, { kind: 'refreshed', ...tokens, at: later(601) });

    expect(refusedOnce).toMatchObject({ health: 'degraded', nextRefreshAt: later(600) });
    expect(refreshed.health).toBe('unverified');
    expect(after(refreshed, used('worked')).health).toBe('healthy');
  });

  it('must be connected again when the provider refuses the new token, too', () => {
    const twice = after(connected, used('refused'), { kind: 'refreshed', ...tokens, at: later(601) }, used('refused', { at: later(700) }));

    expect(twice.health).toBe('reconnect_required');
  });

  it('is not blamed for a token that a runner still held', () => {
    expect(after(connected, used('refused', { at: later(330) }))).toBe(connected);
  });

  it('is over when the token end point says so, whatever the old token still does', () => {
    const ended = after(connected, { kind: 'refresh_refused', at: later(600), text: 'invalid_grant', fault: 'organization', nextRefreshAt: null });

    expect(ended).toMatchObject({ health: 'reconnect_required', nextRefreshAt: null });
    for (const event of [used('worked'), checked(worked), checked(trouble), { kind: 'refresh_failed', at: now, text: '', fault: 'provider', nextRefreshAt: now } as const])
      expect(after(ended, event).health).toBe('reconnect_required');
    expect(after(ended, { kind: 'authorized', ...tokens }).health).toBe('healthy');
  });

  it('has nothing left when somebody took it back, whatever old tokens still do, until somebody connects it anew', () => {
    const revoked = after(connected, { kind: 'revoked', at: later(600), text: 'Taken back.' });
    expect(revoked).toMatchObject({ health: 'revoked', reason: { text: 'Taken back.', fault: 'organization' } });
    expect(revoked).toMatchObject({ grantedScopes: null, expiresAt: null, nextRefreshAt: null, nextCheckAt: null, lifecycle: 'active' });
    for (const event of [used('worked'), used('refused'), used('lacks_scope'), checked(worked), checked(refused), checked(trouble)])
      expect(after(revoked, event).health).toBe('revoked');
    expect(unproven(revoked).health).toBe('revoked');
    expect(after(revoked, { kind: 'authorized', ...tokens })).toMatchObject({ health: 'healthy', reason: null, nextCheckAt: later(300) });
  });

  it('keeps failing to refresh until a refresh works', () => {
    const failing = after(connected, { kind: 'refresh_failed', at: later(600), text: 'Away.', fault: 'provider', nextRefreshAt: later(610) });

    expect(failing).toMatchObject({ health: 'refresh_failing', reason: { text: 'Away.', fault: 'provider' }, nextRefreshAt: later(610) });
    expect(after(failing, used('worked')).health).toBe('refresh_failing');
    expect(after(failing, { kind: 'refreshed', ...tokens }).health).toBe('healthy');
  });

  it('is expiring until it is refreshed', () => {
    const expiring = after(connected, { kind: 'expiring', at: later(600), text: 'Soon.' });

    expect(expiring.health).toBe('expiring');
    expect(after(expiring, used('worked')).health).toBe('expiring');
    expect(after(expiring, { kind: 'refreshed', ...tokens }).health).toBe('healthy');
  });
});

describe('a secret that was tried out before it was stored', () => {
  it('is healthy when it worked, and unverified with a reason when somebody took it all the same', () => {
    expect(tried(bearer, worked, now)).toMatchObject({ health: 'healthy', lastCheckedAt: now });
    expect(tried(bearer, refused, now)).toMatchObject({ health: 'unverified', reason: { text: 'No.', fault: 'organization' } });
    expect(tried(bearer, null, now)).toBe(bearer);
  });
});
