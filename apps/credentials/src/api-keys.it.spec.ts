import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Permission } from '@patchbay/contracts/permissions';
import { ROLE_PERMISSIONS } from '@patchbay/contracts/permissions';
import { actingAs, byKey } from '../testing/acting-as.ts';
import { FIRST_API_KEY, runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';
import { LastUse } from './outside/last-use.ts';

let running: RunningCredentials;
let organizationId: string;
/** Of the key that came with the organization. */
let first: { apiKey: string; apiKeyId: string };
let count = 0;
beforeAll(async () => {
  running = await runCredentials();
});
beforeEach(async () => {
  const made = await running.client.createOrganization({ name: `Clinic ${(count += 1)}` });
  organizationId = made.organizationId;
  first = { apiKey: made.apiKey, apiKeyId: (await running.client.identify({ apiKey: made.apiKey })).apiKeyId };
});
afterAll(() => running.stop());

const create = (permissions: Permission[], name = 'ci', asker = first.apiKeyId, more: { expiresAfterDays?: number } = {}) =>
  actingAs(byKey(asker), () => running.client.createApiKey({ organizationId, name, permissions, ...more }));
const rotate = (apiKeyId: string, more: { overlapHours?: number; expiresAfterDays?: number } = {}, asker = first.apiKeyId) =>
  actingAs(byKey(asker), () => running.client.rotateApiKey({ organizationId, apiKeyId, ...more }));
const revoke = (apiKeyId: string) => actingAs(byKey(first.apiKeyId), () => running.client.revokeApiKey({ organizationId, apiKeyId }));
const refusalOf = (apiKey: string) => running.client.identify({ apiKey }).catch((error: unknown) => error);
const INVALID = { code: 'unauthenticated', message: 'The API key is not valid.' };
const age = (apiKeyId: string, column: 'expires_at' | 'last_used_at', seconds: number) =>
  running.query(`update api_keys set ${column} = now() - make_interval(secs => $2) where api_key_id = $1`, [apiKeyId, seconds]);

describe('createApiKey', () => {
  it('answers with a key that may do exactly what was asked', async () => {
    const made = await create(['calls:read', 'calls:read', 'agents:read']);

    expect(made).toMatchObject({ name: 'ci', permissions: ['calls:read', 'agents:read'], expiresAt: null, revokedAt: null, replaces: null });
    expect(await running.client.identify({ apiKey: made.apiKey })).toEqual({
      organizationId,
      apiKeyId: made.apiKeyId,
      role: 'member',
      personId: null,
      name: 'ci',
      permissions: ['calls:read', 'agents:read'],
    });
  });

  it('shows the key once: no list and no table has it', async () => {
    const { apiKey } = await create(['calls:read']);
    const secret = apiKey.slice(-20);

    expect(JSON.stringify(await running.client.listApiKeys({ organizationId }))).not.toContain(secret);
    expect(JSON.stringify(await running.query('select * from api_keys'))).not.toContain(secret);
  });

  it('gives nobody more than they have, and says what they lack', async () => {
    const weak = await create(['keys:write', 'calls:read'], 'weak');

    await expect(create(['calls:read', 'audit:read'], 'strong', weak.apiKeyId)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('audit:read'),
    });
    expect((await create(['calls:read'], 'equal', weak.apiKeyId)).permissions).toEqual(['calls:read']);
  });

  it('lets no organization give the right to make organizations', async () => {
    await expect(create(['organizations:create'])).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('gives nothing when it is not known who asks, or another organization’s key does', async () => {
    const other = await running.client.createOrganization({ name: `Other ${count}` });
    const stranger = await running.client.identify({ apiKey: other.apiKey });

    await expect(running.client.createApiKey({ organizationId, name: 'ci', permissions: ['calls:read'] })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(create(['calls:read'], 'ci', stranger.apiKeyId)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('gives nothing to a key that was revoked a moment ago', async () => {
    const weak = await create(['keys:write'], 'weak');
    await revoke(weak.apiKeyId);

    await expect(create(['keys:write'], 'heir', weak.apiKeyId)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('refuses the name of a key that works, also when two ask at once', async () => {
    const outcomes = await Promise.allSettled([create(['calls:read']), create(['calls:read'])]);

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict', details: { fields: [{ path: 'name' }] } } });
  });

  it('refuses no permission, and one that does not exist', async () => {
    await expect(create([])).rejects.toMatchObject({ code: 'invalid_arguments' });
    await expect(create(['everything' as Permission])).rejects.toMatchObject({ code: 'invalid_arguments' });
  });
});

describe('identify', () => {
  it('refuses an expired, a revoked and an unknown key with the same words', async () => {
    const [expired, revoked] = [await create(['calls:read'], 'a', first.apiKeyId, { expiresAfterDays: 1 }), await create(['calls:read'], 'b')];
    expect(Date.parse(expired.expiresAt!) - Date.parse(expired.createdAt)).toBe(86_400_000);
    await age(expired.apiKeyId, 'expires_at', 1);
    await revoke(revoked.apiKeyId);

    for (const apiKey of [expired.apiKey, revoked.apiKey, `${expired.apiKey.slice(0, 24)}!`, `pbk_${'0'.repeat(16)}_${'x'.repeat(32)}`])
      expect(await refusalOf(apiKey)).toMatchObject(INVALID);
  });

  it('keeps a key inside its own organization', async () => {
    const { organizationId: other } = await running.client.createOrganization({ name: `Elsewhere ${count}` });

    expect(await running.client.identify({ apiKey: first.apiKey, organizationId })).toMatchObject({ organizationId });
    await expect(running.client.identify({ apiKey: first.apiKey, organizationId: other })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('gives the first key of the installation everything, and that of an organization all an owner may', async () => {
    expect((await running.client.identify({ apiKey: FIRST_API_KEY })).permissions).toContain('organizations:create');
    expect((await running.client.identify({ apiKey: first.apiKey })).permissions).toEqual(ROLE_PERMISSIONS.owner);
  });

  it('writes the last use behind the reply, and at most once a minute', async () => {
    const { apiKey, apiKeyId } = await create(['calls:read']);
    const lastUse = async () => {
      await running.client.identify({ apiKey });
      await running.service.app.get(LastUse).beforeApplicationShutdown();
      return (await running.client.listApiKeys({ organizationId })).apiKeys.find((key) => key.apiKeyId === apiKeyId)!.lastUsedAt;
    };
    expect((await running.client.listApiKeys({ organizationId })).apiKeys.find((key) => key.apiKeyId === apiKeyId)!.lastUsedAt).toBeNull();

    const once = await lastUse();
    const again = await lastUse();
    await age(apiKeyId, 'last_used_at', 61);
    const later = await lastUse();

    expect(once).not.toBeNull();
    expect(again).toBe(once);
    expect(Date.parse(later!)).toBeGreaterThanOrEqual(Date.parse(once!));
  });
});

describe('rotateApiKey', () => {
  it('makes a second key of the same name and permissions; both work until the overlap ends', async () => {
    const old = await create(['calls:read']);

    const replacement = await rotate(old.apiKeyId, { overlapHours: 2 });

    expect(replacement).toMatchObject({ name: 'ci', permissions: ['calls:read'], replaces: old.apiKeyId, expiresAt: null });
    expect(await running.client.identify({ apiKey: old.apiKey })).toMatchObject({ apiKeyId: old.apiKeyId });
    expect(await running.client.identify({ apiKey: replacement.apiKey })).toMatchObject({ apiKeyId: replacement.apiKeyId });
    const { apiKeys } = await running.client.listApiKeys({ organizationId });
    expect(Date.parse(apiKeys.find(({ apiKeyId }) => apiKeyId === old.apiKeyId)!.expiresAt!) - Date.parse(replacement.createdAt)).toBe(2 * 3_600_000);
    await age(old.apiKeyId, 'expires_at', 1);
    expect(await refusalOf(old.apiKey)).toMatchObject(INVALID);
  });

  it('ends the old key at once without an overlap', async () => {
    const old = await create(['calls:read']);
    await rotate(old.apiKeyId, { overlapHours: 0 });

    expect(await refusalOf(old.apiKey)).toMatchObject(INVALID);
  });

  it('never leaves three keys of a name, also when two rotate at once', async () => {
    const old = await create(['calls:read']);
    const outcomes = await Promise.allSettled([rotate(old.apiKeyId), rotate(old.apiKeyId)]);

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(rotate(old.apiKeyId)).rejects.toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('Two keys of this name') });
  });

  it('is no way to a key stronger than one’s own', async () => {
    const [weak, strong] = [await create(['keys:write'], 'weak'), await create(['audit:read'], 'strong')];

    await expect(rotate(strong.apiKeyId, {}, weak.apiKeyId)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await running.client.identify({ apiKey: strong.apiKey })).toMatchObject({ apiKeyId: strong.apiKeyId });
  });

  it('knows no key of another organization', async () => {
    const other = await running.client.createOrganization({ name: `Foreign ${count}` });
    const { apiKeyId } = await running.client.identify({ apiKey: other.apiKey });

    await expect(rotate(apiKeyId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(revoke(apiKeyId)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('revokeApiKey', () => {
  it('ends a key for ever and keeps it in the list', async () => {
    const { apiKey, apiKeyId } = await create(['calls:read']);

    expect(await revoke(apiKeyId)).toMatchObject({ apiKeyId, revokedAt: expect.any(String) });

    expect(await refusalOf(apiKey)).toMatchObject(INVALID);
    await expect(revoke(apiKeyId)).rejects.toMatchObject({ code: 'failed_precondition' });
    await expect(rotate(apiKeyId)).rejects.toMatchObject({ code: 'failed_precondition' });
    expect((await running.client.listApiKeys({ organizationId })).apiKeys.map((key) => key.apiKeyId)).toContain(apiKeyId);
    expect((await create(['calls:read'])).name).toBe('ci');
  });
});

it('tells the log who made, replaced and revoked a key, and no secret', async () => {
  const { apiKey, apiKeyId } = await create(['calls:read']);
  const replacement = await rotate(apiKeyId);
  await revoke(apiKeyId);

  const { entries } = await running.client.listAudit({ organizationId, action: 'api_key' });

  expect(entries.map(({ action, object, actor }) => [action, object.id, actor.kind])).toEqual([
    ['api_key.revoked', apiKeyId, 'api_key'],
    ['api_key.rotated', replacement.apiKeyId, 'api_key'],
    ['api_key.created', apiKeyId, 'api_key'],
    ['api_key.created', first.apiKeyId, 'service'],
  ]);
  expect(entries[0]!.actor).toEqual({ kind: 'api_key', id: first.apiKeyId, from: '192.0.2.1' });
  expect(entries[0]!.changed).toEqual(['revokedAt']);
  expect(JSON.stringify(entries)).not.toContain(apiKey.slice(-20));
});
