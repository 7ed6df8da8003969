import { jetstream } from '@nats-io/jetstream';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changes, type Change } from '@patchbay/contracts/audit';
import { hashOf } from '@patchbay/service-kit/database/change';
import { acrossOrganizations, inOrganization } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { withActor } from '@patchbay/service-kit/messaging/actor';
import { ensureEventStream } from '@patchbay/service-kit/messaging/event-stream';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';
import { AuditLog } from './outside/audit.repository.ts';

let running: RunningCredentials;

beforeAll(async () => {
  running = await runCredentials();
  for (const service of ['catalog', 'agents', 'workflows']) await ensureEventStream(running.nats, service);
});

afterAll(() => running?.stop());

const AUTHOR = { kind: 'person' as const, id: 'per_1', from: '192.0.2.7' };
const aChange = (id: string): Change => ({
  action: 'tool.updated',
  object: { kind: 'tool', id, name: 'Look up' },
  actor: AUTHOR,
  before: hashOf('before'),
  after: hashOf('after'),
  changed: ['description'],
  traceId: '0af7651916cd43dd8448eb211c80319c',
});

const append = (organizationId: string, made: Parameters<AuditLog['append']>[2]) =>
  inOrganization(running.source, organizationId, (tx) => running.service.app.get(AuditLog).append(tx, organizationId, made));
const made = (id: string, action = 'tool.created') => ({ action, object: { kind: 'tool', id }, after: { id } });
const entriesOf = async (organizationId: string, more: object = {}) => (await running.client.listAudit({ organizationId, ...more })).entries;
const idsOf = (entries: { object: { id: string } }[]) => entries.map(({ object }) => object.id);

async function aLog(entries: number): Promise<string> {
  const organizationId = newId('organization');
  for (let nth = 1; nth <= entries; nth++) await append(organizationId, made(`tool_${nth}`));
  return organizationId;
}

/** As somebody who may do anything to the database, and knows of the triggers. */
async function tamper(statement: string, organizationId: string): Promise<void> {
  await running.query('alter table audit_entries disable trigger all');
  await running.query(statement, [organizationId]);
  await running.query('alter table audit_entries enable trigger all');
}

describe('an entry of the audit log', () => {
  it('says who did what to what and from where, and of values only hashes and names', async () => {
    const organizationId = newId('organization');
    const before = { name: 'a', secret: 'one' };
    await context.with(withActor(ROOT_CONTEXT, AUTHOR), () =>
      append(organizationId, { ...made('tool_1', 'tool.updated'), before, after: { name: 'b', secret: 'one' } }),
    );

    const [entry, ...more] = await entriesOf(organizationId);

    expect(more).toEqual([]);
    expect(entry).toEqual({
      auditId: expect.stringMatching(/^aud_/),
      sequence: 1,
      at: expect.any(String),
      action: 'tool.updated',
      object: { kind: 'tool', id: 'tool_1' },
      actor: AUTHOR,
      before: hashOf(before),
      after: hashOf({ secret: 'one', name: 'b' }),
      changed: ['name'],
      previous: hashOf({ organizationId }),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('can be checked by whoever has it: its hash is over the canonical JSON of the rest', async () => {
    const organizationId = await aLog(2);

    const [newest, oldest] = await entriesOf(organizationId);

    const { hash, ...rest } = newest!;
    expect(hashOf(rest)).toBe(hash);
    expect(newest!.previous).toBe(oldest!.hash);
  });

  it('keeps text that the database cannot hold, replaced, and stays intact', async () => {
    const organizationId = newId('organization');

    await append(organizationId, { action: 'tool.created', object: { kind: 'tool', id: 'tool_1', name: 'a\u0000b\ud800' } });

    expect((await entriesOf(organizationId))[0]!.object.name).toBe('a\ufffdb\ufffd');
    expect(await running.client.verifyAudit({ organizationId })).toMatchObject({ entries: 1, intact: true });
  });

  it('is taken back with the change that it is of', async () => {
    const organizationId = newId('organization');
    const failed = inOrganization(running.source, organizationId, async (tx) => {
      await running.service.app.get(AuditLog).append(tx, organizationId, made('tool_1'));
      throw new Error('changed my mind');
    });

    await expect(failed).rejects.toThrow('changed my mind');
    expect(await entriesOf(organizationId)).toEqual([]);
  });

  it.each(['update audit_entries set at = now()', 'delete from audit_entries', 'truncate audit_entries'])(
    'cannot be changed by the service: %s',
    async (statement) => {
      const organizationId = await aLog(1);

      await expect(inOrganization(running.source, organizationId, (tx) => tx.query(statement))).rejects.toThrow('permission denied');
      await expect(acrossOrganizations(running.source, (tx) => tx.query(statement))).rejects.toThrow('permission denied');
      await expect(running.query(statement)).rejects.toThrow('the audit log is append-only');
    },
  );
});

describe('the log of an organization', () => {
  it('stays one chain when many write to it at once', async () => {
    const organizationId = newId('organization');
    const other = newId('organization');

    await Promise.all(Array.from({ length: 20 }, (_, nth) => Promise.all([append(organizationId, made(`tool_${nth}`)), append(other, made('x'))])));

    expect((await entriesOf(organizationId)).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, nth) => 20 - nth));
    expect(await running.client.verifyAudit({ organizationId })).toMatchObject({ entries: 20, intact: true, brokenAt: null });
    expect(await running.client.verifyAudit({ organizationId: other })).toMatchObject({ entries: 20, intact: true });
  });

  it('is listed in pages, by action, by noun and by object', async () => {
    const organizationId = newId('organization');
    for (const id of ['tool_1', 'tool_2', 'tool_3']) await append(organizationId, made(id));
    await append(organizationId, made('tool_1', 'tool.updated'));
    await append(organizationId, made('agt_1', 'agent.created'));

    const first = await entriesOf(organizationId, { limit: 2 });
    const second = await entriesOf(organizationId, { limit: 2, before: first[1]!.auditId });

    expect(idsOf([...first, ...second])).toEqual(['agt_1', 'tool_1', 'tool_3', 'tool_2']);
    expect(idsOf(await entriesOf(organizationId, { action: 'tool.created' }))).toEqual(['tool_3', 'tool_2', 'tool_1']);
    expect(idsOf(await entriesOf(organizationId, { action: 'agent' }))).toEqual(['agt_1']);
    expect((await entriesOf(organizationId, { objectId: 'tool_1' })).map(({ action }) => action)).toEqual(['tool.updated', 'tool.created']);
  });

  it('shows nothing of another, not even by the id of its entry', async () => {
    const [organizationId, another] = [await aLog(2), await aLog(2)];
    const [theirs] = await entriesOf(another);

    expect(await entriesOf(organizationId, { before: theirs!.auditId })).toEqual([]);
    expect(idsOf(await entriesOf(newId('organization')))).toEqual([]);
  });

  it.each([
    ['a changed entry', `update audit_entries set change = jsonb_set(change, '{actor,id}', '"per_2"') where org_id = $1 and sequence = 3`, 3],
    ['a missing entry', 'delete from audit_entries where org_id = $1 and sequence = 3', 3],
    ['a changed time', `update audit_entries set at = at + interval '1 ms' where org_id = $1 and sequence = 2`, 2],
    [
      'entries that changed places',
      `update audit_entries a set change = b.change, previous = b.previous, hash = b.hash from audit_entries b
       where a.org_id = $1 and b.org_id = $1 and a.sequence + b.sequence = 9 and a.sequence in (4, 5)`,
      4,
    ],
  ])('tells of %s, done by the superuser', async (_what, statement, brokenAt) => {
    const organizationId = await aLog(6);

    await tamper(statement, organizationId);

    expect(await running.client.verifyAudit({ organizationId })).toMatchObject({ intact: false, brokenAt });
  });

  it('has a head that whoever kept it elsewhere misses when the end is cut off', async () => {
    const organizationId = await aLog(3);
    const { head } = await running.client.verifyAudit({ organizationId });

    await tamper('delete from audit_entries where org_id = $1 and sequence = 3', organizationId);

    expect(await running.client.verifyAudit({ organizationId })).toMatchObject({ entries: 2, intact: true, head: expect.not.stringContaining(head) });
  });
});

describe('a change that another service tells of', () => {
  async function tell(organizationId: string, contract: { subject: string }, change: unknown, id = newId('event')): Promise<void> {
    const envelope = { id, subject: contract.subject, organizationId, occurredAt: '2026-11-21T08:03:00.000Z', payload: change };
    // Without a message id, so that JetStream itself recognises no repeat.
    await jetstream(running.nats).publish(contract.subject, JSON.stringify(envelope));
  }

  async function entriesWhen(organizationId: string, length: number) {
    for (const endsAt = Date.now() + 15_000; ; ) {
      const entries = await entriesOf(organizationId);
      if (entries.length >= length || Date.now() > endsAt) return entries;
    }
  }

  it('is an entry with its own author, time and hashes, whichever service it is', async () => {
    const organizationId = newId('organization');

    await tell(organizationId, changes.catalog.changeRecorded, aChange('tool_1'));
    await entriesWhen(organizationId, 1);
    await tell(organizationId, changes.agents.changeRecorded, { ...aChange('agt_1'), action: 'agent.created' });
    await entriesWhen(organizationId, 2);
    await tell(organizationId, changes.workflows.changeRecorded, { ...aChange('wh_1'), action: 'webhook.created' });

    const entries = await entriesWhen(organizationId, 3);
    expect(entries.map(({ action }) => action)).toEqual(['webhook.created', 'agent.created', 'tool.updated']);
    expect(entries[2]).toMatchObject({ ...aChange('tool_1'), at: '2026-11-21T08:03:00.000Z', sequence: 1 });
  });

  it('is one entry, however often it is told', async () => {
    const organizationId = newId('organization');
    const id = newId('event');

    for (let time = 0; time < 3; time++) await tell(organizationId, changes.catalog.changeRecorded, aChange('tool_1'), id);
    await tell(organizationId, changes.catalog.changeRecorded, aChange('tool_2'));

    expect(idsOf(await entriesWhen(organizationId, 2))).toEqual(expect.arrayContaining(['tool_1', 'tool_2']));
    expect(await running.client.verifyAudit({ organizationId })).toMatchObject({ entries: 2, intact: true });
  });
});
