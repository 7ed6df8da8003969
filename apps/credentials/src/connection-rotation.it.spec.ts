import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { issueToken, KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { ScriptedProvider } from '@patchbay/testing/scripted-provider';
import { DestroySecrets } from './loops/destroy-secrets.ts';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';

const CURRENT = KNOWN_SECRETS.bearer;
const NEXT = KNOWN_SECRETS.bearerNext;
const THIRD = KNOWN_SECRETS.bearerThird;
const HOUR_MS = 3_600_000;

let running: RunningCredentials;
let provider: ScriptedProvider;
let accepted: string[];
let organizationId: string;
let connectionId: string;
let count = 0;
beforeAll(async () => {
  running = await runCredentials({ EGRESS_ALLOW_NETWORKS: '127.0.0.0/8', EGRESS_ALLOW_HTTP: 'true' });
});
beforeEach(async () => {
  count += 1;
  organizationId = (await running.client.createOrganization({ name: `Owner ${count}` })).organizationId;
  provider = await ScriptedProvider.start();
  accepted = [CURRENT];
  provider.otherwise(({ headers }) => ({ status: accepted.some((secret) => headers.authorization === `Bearer ${secret}`) ? 200 : 401 }));
  const check = { method: 'GET' as const, url: `${provider.url}/me` };
  connectionId = (await running.client.createConnection({ organizationId, name: 'Calendar', kind: 'bearer', secret: CURRENT, check })).connectionId;
});
afterEach(() => provider.stop());
afterAll(() => running.stop());

const rotate = (secret = NEXT, more: object = {}) => running.client.rotateSecret({ organizationId, connectionId, secret, ...more });
const resolve = () => running.client.resolveConnection({ organizationId, connectionId });
const get = () => running.client.getConnection({ organizationId, connectionId });
const storedVersions = async () => {
  const rows = (await running.query('select version from connection_secrets where connection_id = $1 order by version', [connectionId])) as { version: number }[];
  return rows.map(({ version }) => version);
};
const destroyOverdue = (at: Date) => running.service.app.get(DestroySecrets).round(at);

describe('rotating a secret', () => {
  it('switches to the next one after trying it out, and keeps the previous one as a fallback', async () => {
    accepted = [NEXT];
    const { connection, secret } = await rotate();

    expect(connection).toMatchObject({ version: 2, hint: NEXT.slice(-4), health: 'healthy', slots: [{ slot: 'current', version: 2 }, { slot: 'previous', version: 1, hint: CURRENT.slice(-4) }] });
    expect(secret).toBeNull();
    expect(await resolve()).toMatchObject({
      version: 2,
      headers: { authorization: `Bearer ${NEXT}` },
      fallback: { version: 1, headers: { authorization: `Bearer ${CURRENT}` } },
    });
  });

  it('leaves the current one untouched when the provider does not take the next one yet', async () => {
    const refusal: unknown = await rotate().catch((error: unknown) => error);

    expect(refusal).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('401') });
    expect(JSON.stringify(refusal)).not.toContain(NEXT.slice(0, 16));
    expect(await get()).toMatchObject({ version: 1, hint: CURRENT.slice(-4), health: 'healthy', slots: [{ slot: 'current' }] });
    expect(await storedVersions()).toEqual([1]);
    expect(await resolve()).toMatchObject({ version: 1, fallback: null });
  });

  it('can be made before the provider takes the next one: traffic goes on with the previous one, and that shows', async () => {
    const { connection } = await rotate(NEXT, { acceptUnverified: true });
    const { fallback } = await resolve();
    await running.client.reportUse({ organizationId, connectionId, version: 2, use: 'refused', byFallback: true });

    expect(connection).toMatchObject({ version: 2, health: 'unverified' });
    expect(fallback).toMatchObject({ version: 1 });
    expect(await get()).toMatchObject({ health: 'degraded', reason: { text: expect.stringContaining('previous one stands in'), fault: 'organization' } });
    expect(await resolve()).toMatchObject({ fallback: { version: 1 } });
  });

  it('is refused while another one is under way', async () => {
    await leaveNextBehind('20 seconds');

    await expect(rotate()).rejects.toMatchObject({ code: 'conflict' });
    expect(await storedVersions()).toEqual([1, 2]);
  });

  it('that several ask for at the same time leaves one current and one previous secret', async () => {
    const asked = [NEXT, THIRD, issueToken('bearer')];
    accepted = [CURRENT, ...asked];
    const outcomes = await Promise.allSettled(asked.map((secret) => rotate(secret)));
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => (reason as { code: string }).code);

    expect(refusals.every((code) => code === 'conflict')).toBe(true);
    expect(refusals.length).toBeLessThan(asked.length);
    expect((await get()).slots.map(({ slot }) => slot)).toEqual(['current', 'previous']);
    expect(await storedVersions()).toHaveLength(2);
  });

  it('a second time destroys the secret before the previous one', async () => {
    accepted = [CURRENT, NEXT, THIRD];
    await rotate(NEXT);
    await rotate(THIRD);

    expect((await get()).slots).toMatchObject([{ slot: 'current', version: 3 }, { slot: 'previous', version: 2 }]);
    expect(await storedVersions()).toEqual([2, 3]);
  });

  it('goes on after a process that died in the middle', async () => {
    accepted = [NEXT];
    await leaveNextBehind('-1 second');

    expect((await rotate()).connection).toMatchObject({ version: 3 });
    expect(await storedVersions()).toEqual([1, 3]);
  });

  it('leaves nothing of a process that died in the middle', async () => {
    await leaveNextBehind('-1 second');
    await destroyOverdue(new Date());

    expect(await get()).toMatchObject({ version: 1, slots: [{ slot: 'current' }] });
    expect(await storedVersions()).toEqual([1]);
  });

  it('can be reverted, and the secret that turned out bad stands in until the grace time ends', async () => {
    await rotate(NEXT, { acceptUnverified: true });
    const reverted = await running.client.revertRotation({ organizationId, connectionId });

    expect(reverted).toMatchObject({ version: 1, slots: [{ slot: 'current', version: 1 }, { slot: 'previous', version: 2 }] });
    expect(await resolve()).toMatchObject({ version: 1, headers: { authorization: `Bearer ${CURRENT}` } });
  });

  it('ends with the grace time, or when somebody says so', async () => {
    accepted = [CURRENT, NEXT];
    await rotate(NEXT, { graceHours: 1 });
    await destroyOverdue(new Date(Date.now() + HOUR_MS - 60_000));
    expect(await storedVersions()).toEqual([1, 2]);
    await destroyOverdue(new Date(Date.now() + HOUR_MS + 60_000));
    expect(await storedVersions()).toEqual([2]);
    expect(await resolve()).toMatchObject({ fallback: null });

    await rotate(CURRENT);
    await running.client.finishRotation({ organizationId, connectionId });
    expect(await storedVersions()).toEqual([3]);
    await expect(running.client.finishRotation({ organizationId, connectionId })).rejects.toMatchObject({ code: 'failed_precondition' });
    await expect(running.client.revertRotation({ organizationId, connectionId })).rejects.toMatchObject({ code: 'failed_precondition' });
  });

  it('without a grace time keeps nothing to fall back on', async () => {
    accepted = [NEXT];
    await rotate(NEXT, { graceHours: 0 });

    expect(await storedVersions()).toEqual([2]);
    expect(await resolve()).toMatchObject({ version: 2, fallback: null });
  });

  it('is refused for what has no secret, is deleted, or is not theirs', async () => {
    const none = await running.client.createConnection({ organizationId, name: 'Open', kind: 'none' });
    const stranger = await running.client.createOrganization({ name: `Stranger ${count}` });
    const asked = { secret: NEXT, connectionId };

    await expect(running.client.rotateSecret({ ...asked, organizationId, connectionId: none.connectionId })).rejects.toMatchObject({ code: 'failed_precondition' });
    await expect(running.client.rotateSecret({ ...asked, organizationId: stranger.organizationId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(running.client.rotateSecret({ organizationId, connectionId })).rejects.toMatchObject({ code: 'invalid_arguments', details: { fields: [{ path: 'secret' }] } });
    await running.client.deleteConnection({ organizationId, connectionId });
    await expect(rotate()).rejects.toMatchObject({ code: 'failed_precondition' });
  });

  it('leaves neither secret in the log', async () => {
    accepted = [NEXT];
    await rotate();
    const { entries } = await running.client.listAudit({ organizationId, objectId: connectionId });

    expect(entries.map(({ action }) => action)).toEqual(['connection.rotated', 'connection.created']);
    for (const secret of [CURRENT, NEXT]) expect(JSON.stringify(entries)).not.toContain(secret.slice(0, 16));
  });
});

describe('rotating a signing secret', () => {
  it('makes the next one, shows it once, and signs with both, the new one first', async () => {
    const { connection, secret: first } = await running.client.createSigningSecret({ organizationId, name: 'webhook' });
    const ref = { organizationId, connectionId: connection.connectionId };
    const { secret: second } = await running.client.rotateSecret(ref);

    expect(second).toMatch(/^whsec_/);
    expect(second).not.toBe(first);
    expect(await running.client.resolveSigningSecrets(ref)).toEqual({ signingSecrets: [second, first], sealed: null });
    await running.client.finishRotation(ref);
    expect(await running.client.resolveSigningSecrets(ref)).toEqual({ signingSecrets: [second], sealed: null });
  });

  it('is not to be had from a connection of another kind', async () => {
    await expect(running.client.resolveSigningSecrets({ organizationId, connectionId })).rejects.toMatchObject({ code: 'failed_precondition' });
  });
});

/** As a process leaves it that is killed while it tries a next secret out. */
async function leaveNextBehind(until: string): Promise<void> {
  await running.query(
    `insert into connection_secrets select (jsonb_populate_record(s, '{"version": 2}')).* from connection_secrets s where connection_id = $1`,
    [connectionId],
  );
  await running.query(
    `update connections set last_version = 2, slots_end_at = now() + $2::interval,
       slots = jsonb_build_array(jsonb_build_object('slot', 'next', 'version', 2, 'hint', '', 'since', '2026-01-01T00:00:00.000Z',
         'until', to_char((now() + $2::interval) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
     where connection_id = $1`,
    [connectionId, until],
  );
}
