import { decode, parseCreds, type User } from '@nats-io/jwt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EdgeCredentials } from '@patchbay/contracts/access';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import type { z } from 'zod';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';
import { PublishRevocations } from './loops/publish-revocations.ts';
import { AccountRevocations } from './outside/account-revocations.ts';
import { EdgeCredentialsRepository } from './outside/edge-credentials.repository.ts';
import { EdgeMinter } from './outside/edge-minter.ts';

let running: RunningCredentials;
let organizationId: string;
let count = 0;
beforeAll(async () => {
  running = await runCredentials();
});
beforeEach(async () => {
  organizationId = (await running.client.createOrganization({ name: `Clinic ${(count += 1)}` })).organizationId;
});
afterAll(() => running.stop());

const create = (more: { expiresAfterDays?: number } = {}) => running.client.createEdge({ organizationId, name: 'Front desk', ...more });
const renew = (edgeId: string, more: { overlapHours?: number; expiresAfterDays?: number } = {}) => running.client.renewEdge({ organizationId, edgeId, ...more });
const claimsOf = async ({ credentials }: z.output<typeof EdgeCredentials>) => decode<User>((await parseCreds(new TextEncoder().encode(credentials))).jwt);
const keyPairs = (edgeId: string) =>
  running.query<{ public_key: string; expires_at: Date | null; revoked_at: Date | null; published_at: Date | null }>(
    'select * from edge_credentials where edge_id = $1 order by minted_at',
    [edgeId],
  );

describe('an edge', () => {
  it('has credentials that end when it was asked for, in the list as in the JWT', async () => {
    const edge = await create({ expiresAfterDays: 30 });

    const { exp } = await claimsOf(edge);

    expect(exp! * 1000).toBe(Date.parse(edge.expiresAt!));
    expect(Math.round((exp! * 1000 - Date.parse(edge.createdAt)) / 86_400_000)).toBe(30);
    expect((await running.client.listEdges({ organizationId })).edges).toEqual([
      { edgeId: edge.edgeId, name: 'Front desk', createdAt: edge.createdAt, expiresAt: edge.expiresAt, revokedAt: null },
    ]);
  });

  it('is turned away by NATS once its JWT has expired', async () => {
    const edge = await create({ expiresAfterDays: 1 });
    const expired = await running.service.app
      .get(EdgeMinter)
      .mint({ organizationId, edgeId: edge.edgeId, name: 'Front desk', expiresAt: new Date(Date.now() - 1_000) });

    await expect(running.connectAs(expired.credentials, { inboxPrefix: `_INBOX_${edge.edgeId}` })).rejects.toThrow(/authorization violation/i);
    const node = await running.connectAs(edge.credentials, { inboxPrefix: `_INBOX_${edge.edgeId}` });
    await node.close();
  });
});

describe('renewEdge', () => {
  it('mints another key pair for the same edge; the old one ends after the overlap', async () => {
    const old = await create();

    const renewed = await renew(old.edgeId, { overlapHours: 2, expiresAfterDays: 30 });

    expect(renewed).toMatchObject({ edgeId: old.edgeId, name: 'Front desk', permissions: old.permissions });
    const [was, is] = await keyPairs(old.edgeId);
    expect([was!.public_key, is!.public_key]).toEqual([(await claimsOf(old)).sub, (await claimsOf(renewed)).sub]);
    expect(Math.round((was!.revoked_at!.getTime() - Date.now()) / 60_000)).toBe(120);
    expect(is).toMatchObject({ revoked_at: null, expires_at: new Date(renewed.expiresAt!) });
    for (const { credentials } of [old, renewed]) await (await running.connectAs(credentials, { inboxPrefix: `_INBOX_${old.edgeId}` })).close();
  });

  it('ends the old key pair at once without an overlap', async () => {
    const { edgeId } = await create();
    await renew(edgeId, { overlapHours: 0 });

    const [was] = await keyPairs(edgeId);
    expect(was!.revoked_at!.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('does not lengthen an overlap that ends earlier', async () => {
    const { edgeId } = await create();
    await renew(edgeId, { overlapHours: 1 });
    const [before] = await keyPairs(edgeId);

    await renew(edgeId, { overlapHours: 48 });

    const [first, second, third] = await keyPairs(edgeId);
    expect(first!.revoked_at).toEqual(before!.revoked_at);
    expect(Math.round((second!.revoked_at!.getTime() - Date.now()) / 3_600_000)).toBe(48);
    expect(third!.revoked_at).toBeNull();
  });

  it('is refused for an edge that is revoked, and for one of another organization', async () => {
    const { edgeId } = await create();
    const { organizationId: other } = await running.client.createOrganization({ name: `Other ${count}` });
    await expect(running.client.renewEdge({ organizationId: other, edgeId })).rejects.toMatchObject({ code: 'not_found' });
    await running.client.revokeEdge({ organizationId, edgeId });

    await expect(renew(edgeId)).rejects.toMatchObject({ code: 'failed_precondition' });
  });
});

describe('revokeEdge', () => {
  it('ends every key pair of the edge, and says since when', async () => {
    const { edgeId } = await create();
    await renew(edgeId, { overlapHours: 48 });

    const revoked = await running.client.revokeEdge({ organizationId, edgeId });

    expect(Math.abs(Date.parse(revoked.revokedAt!) - Date.now())).toBeLessThan(10_000);
    expect(await running.client.getEdge({ organizationId, edgeId })).toEqual(revoked);
    expect((await keyPairs(edgeId)).map(({ revoked_at }) => revoked_at!.toISOString())).toEqual([revoked.revokedAt, revoked.revokedAt]);
  });

  it('changes nothing the second time', async () => {
    const { edgeId } = await create();
    const revoked = await running.client.revokeEdge({ organizationId, edgeId });

    expect(await running.client.revokeEdge({ organizationId, edgeId })).toEqual(revoked);
    expect((await running.client.listAudit({ organizationId, action: 'edge' })).entries.map(({ action }) => action)).toEqual(['edge.revoked', 'edge.created']);
  });

  it('also ends a key pair that a process of the release before wrote down in its own way', async () => {
    const { edgeId } = await create();
    await running.query('delete from edge_credentials where edge_id = $1', [edgeId]);

    await running.client.revokeEdge({ organizationId, edgeId });

    expect((await keyPairs(edgeId)).map(({ revoked_at }) => revoked_at !== null)).toEqual([true]);
  });

  it('does not touch an edge of another organization', async () => {
    const { edgeId } = await create();
    const { organizationId: other } = await running.client.createOrganization({ name: `Other ${count}` });

    await expect(running.client.revokeEdge({ organizationId: other, edgeId })).rejects.toMatchObject({ code: 'not_found' });
    expect(await running.client.getEdge({ organizationId, edgeId })).toMatchObject({ revokedAt: null });
  });
});

describe('NATS', () => {
  const connect = (edge: { edgeId: string; credentials: string }) => running.connectAs(edge.credentials, { inboxPrefix: `_INBOX_${edge.edgeId}` });

  it('cuts a revoked edge off and lets it in no more; other edges stay', async () => {
    const [stolen, other] = [await create(), await running.client.createEdge({ organizationId, name: 'Back office' })];
    const [itsNode, otherNode] = [await connect(stolen), await connect(other)];

    await running.client.revokeEdge({ organizationId, edgeId: stolen.edgeId });

    await itsNode.closed();
    await expect(connect(stolen)).rejects.toThrow(/authorization violation/i);
    await otherNode.flush();
    await otherNode.close();
  });

  it('lets an edge that changes over in with both key pairs, and with the old one only until the overlap ends', async () => {
    const loop = running.service.app.get(PublishRevocations);
    const old = await create();
    const renewed = await renew(old.edgeId, { overlapHours: 1 });
    await loop.tick(new Date());
    const nodes = [await connect(old), await connect(renewed)];
    await running.query(`update edge_credentials set revoked_at = now() where edge_id = $1 and revoked_at is not null`, [old.edgeId]);

    await loop.tick(new Date());

    await nodes[0]!.closed();
    await expect(connect(old)).rejects.toThrow(/authorization violation/i);
    await nodes[1]!.flush();
    await nodes[1]!.close();
  });

  it('is told again what it was told before and has lost', async () => {
    const edge = await create();
    await running.client.revokeEdge({ organizationId, edgeId: edge.edgeId });
    await running.service.app.get(AccountRevocations).publish([]);
    await (await connect(edge)).close();

    await running.service.app.get(PublishRevocations).tick(new Date(Date.now() + 10 * 60_000));

    await expect(connect(edge)).rejects.toThrow(/authorization violation/i);
  });

  it('that cannot be told yet does not undo a revocation, and is told by the next process that can', async () => {
    const alone = await runCredentials({ CREDENTIALS_NATS_SYSTEM_CREDS: '/nowhere/system.creds' });
    const publishedAlone = async () =>
      (await alone.query<{ published_at: Date | null }>('select published_at from edge_credentials')).map(({ published_at }) => published_at !== null);
    const { organizationId: lonely } = await alone.client.createOrganization({ name: 'Lonely' });
    const { edgeId } = await alone.client.createEdge({ organizationId: lonely, name: 'Front desk' });

    expect(await alone.client.revokeEdge({ organizationId: lonely, edgeId })).toMatchObject({ edgeId, revokedAt: expect.any(String) });
    expect(await publishedAlone()).toEqual([false]);
    const second = await alone.startSecond({ CREDENTIALS_NATS_SYSTEM_CREDS: alone.systemCredsFile });
    await second.app.get(PublishRevocations).tick(new Date());

    expect(await publishedAlone()).toEqual([true]);
    await second.stop();
    await alone.stop();
  });

  it('is told nothing of key pairs whose JWT has expired', async () => {
    const { edgeId } = await create({ expiresAfterDays: 1 });
    await running.client.revokeEdge({ organizationId, edgeId });
    const repository = running.service.app.get(EdgeCredentialsRepository);
    const publicKey = (await keyPairs(edgeId))[0]!.public_key;
    const listed = (now: Date) => acrossOrganizations(running.source, async (tx) => (await repository.listRevoked(tx, now)).map(({ public_key }) => public_key));

    expect(await listed(new Date())).toContain(publicKey);
    expect(await listed(new Date(Date.now() + 2 * 86_400_000))).not.toContain(publicKey);
  });
});
