import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { issueToken } from '@patchbay/testing/known-secrets';
import { KeysProgram, type KeysRun } from '../testing/keys-program.ts';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';

const PER_ORGANIZATION = 20;
const folder = mkdtempSync(join(tmpdir(), 'patchbay-keys-'));
const file = join(folder, 'keyring.json');
/** By organization. */
const secretsOf = new Map<string, string[]>();
const freshRing = () => JSON.stringify({ primary: 'k1', keys: { k1: randomBytes(32).toString('base64') } });

let running: RunningCredentials;
let stored: { organizationId: string; connectionId: string }[];

beforeAll(async () => {
  writeFileSync(file, freshRing());
  running = await runCredentials({ CREDENTIALS_KEYRING: '', CREDENTIALS_KEYRING_FILE: file });
  stored = [];
  for (const name of ['one', 'two', 'three']) {
    const { organizationId } = await running.client.createOrganization({ name });
    const secrets = Array.from({ length: PER_ORGANIZATION }, () => issueToken('bearer'));
    secretsOf.set(name, secrets);
    for (const [index, secret] of secrets.entries()) {
      const { connectionId } = await running.client.createConnection({ organizationId, name: `c${index}`, kind: 'bearer', secret });
      stored.push({ organizationId, connectionId });
    }
  }
});

afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true });
});

const total = 3 * PER_ORGANIZATION;
const program = (...args: string[]) => new KeysProgram(running.values, args);
const keys = (...args: string[]): Promise<KeysRun> => program(...args).end();
const rotate = (...args: string[]) => keys('rotate', '--settle-ms', '0', ...args);
const counts = async () => {
  const { result } = await keys('status');
  return Object.fromEntries((result['keys'] as { keyId: string; secrets: number }[]).map(({ keyId, secrets }) => [keyId, secrets]));
};
const primary = () => (JSON.parse(readFileSync(file, 'utf8')) as { primary: string }).primary;
const resolveAll = () => Promise.all(stored.map((connection) => running.client.resolveConnection(connection)));

/** 50 resolutions a second until it is stopped; what of them failed. */
function load(): { stop(): Promise<{ asked: number; failed: unknown[] }> } {
  const stopped = new AbortController();
  const asked: Promise<unknown>[] = [];
  const failed: unknown[] = [];
  const going = (async () => {
    for await (const _ of setInterval(20, undefined, { signal: stopped.signal })) {
      const connection = stored[asked.length % stored.length]!;
      asked.push(running.client.resolveConnection(connection).catch((error: unknown) => failed.push(error)));
    }
  })().catch(() => undefined);
  return {
    async stop() {
      stopped.abort();
      await going;
      await Promise.all(asked);
      return { asked: asked.length, failed };
    },
  };
}

/** Rows that nobody else can change until `release`. */
async function hold(rows: number): Promise<{ release(): Promise<void> }> {
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const transaction = acrossOrganizations(running.source, async (tx) => {
    await tx.query(`select 1 from connection_secrets order by org_id desc, connection_id desc limit ${rows} for update`);
    held.resolve();
    await released.promise;
  });
  await held.promise;
  return {
    async release() {
      released.resolve();
      await transaction;
    },
  };
}

describe('a rotation of the key', () => {
  let before: string;
  beforeEach(() => {
    before = primary();
  });

  it('changes nothing in a dry run, and says what it would do', async () => {
    const { code, result } = await rotate('--dry-run');

    expect({ code, result }).toEqual({ code: 0, result: { dryRun: true, current: before, wouldMakeKey: true, wouldReseal: total } });
    expect(primary()).toBe(before);
  });

  it('seals every secret under a new key while secrets are used, and leaves none', async () => {
    const users = load();
    const { code, result } = await rotate();
    const { asked, failed } = await users.stop();

    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(0);
    expect({ code, result }).toEqual({ code: 0, result: { keyId: 'k2', made: true, resealed: total, left: 0, unreadable: 0 } });
    expect(await counts()).toEqual({ k2: total });
    expect((await resolveAll()).map(({ headers }) => headers['authorization'])).toContain(`Bearer ${secretsOf.get('two')![6]}`);
  });

  it('goes on where a kill has cut it off, with the same key', async () => {
    const held = await hold(10);
    const cutOff = program('rotate', '--settle-ms', '600000');
    await cutOff.untilLine(new RegExp(`sealed ${total - 10} of ${total}`));
    await cutOff.kill();
    await held.release();
    expect(await counts()).toEqual({ k2: 10, k3: total - 10 });
    expect(await resolveAll()).toHaveLength(total);

    const { code, result } = await rotate();

    expect({ code, result }).toEqual({ code: 0, result: { keyId: 'k3', made: false, resealed: 10, left: 0, unreadable: 0 } });
    expect(await counts()).toEqual({ k3: total });
  });

  it('finds what a process sealed under the old key in the last moment', async () => {
    const held = await hold(3);
    const rotation = program('rotate', '--settle-ms', '1500');
    await rotation.untilLine(new RegExp(`sealed ${total - 3} of ${total}`));
    await held.release();

    expect((await rotation.end()).result).toMatchObject({ resealed: total, left: 0 });
  });

  it('made twice at once ends with nothing left under an old key', async () => {
    await Promise.all([rotate(), rotate()]);
    await rotate();

    expect(await counts()).toEqual({ [primary()]: total });
    expect(await resolveAll()).toHaveLength(total);
  });

  it('is in the audit log of each organization', async () => {
    const { entries } = await running.client.listAudit({ organizationId: stored[0]!.organizationId, action: 'key.rotated' });

    expect(entries.length).toBeGreaterThan(0);
    expect(entries[0]!.object).toEqual({ kind: 'key', id: primary() });
  });
});

describe('an old key', () => {
  it('is destroyed only when nothing is sealed under it', async () => {
    const { release } = await hold(1);
    const old = primary();
    const rotation = program('rotate', '--settle-ms', '600000');
    await rotation.untilLine(new RegExp(`sealed ${total - 1} of ${total}`));
    await rotation.kill();

    expect(await keys('retire', old)).toMatchObject({ code: 1, errors: expect.stringContaining(`1 secrets are sealed under ${old}`) });
    await release();
    await rotate();
    expect(await keys('retire', old)).toMatchObject({ code: 0, result: { retired: old } });
    expect(readFileSync(file, 'utf8')).not.toContain(`"${old}"`);
    expect(await keys('retire', primary())).toMatchObject({ code: 1, errors: expect.stringContaining('sealed under') });
    expect(await resolveAll()).toHaveLength(total);
  });
});

describe('a secret that cannot be read', () => {
  it('is counted and named, and does not keep the others', async () => {
    const { organizationId, connectionId } = stored[0]!;
    await running.query('update connection_secrets set tag = $1 where org_id = $2 and connection_id = $3', [Buffer.alloc(16), organizationId, connectionId]);

    const { code, lines, result } = await rotate();

    expect({ code, result }).toMatchObject({ code: 1, result: { resealed: total - 1, left: 1, unreadable: 1 } });
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`cannot be read \\(tampered\\).*${connectionId}`)));
    await expect(running.client.resolveConnection({ organizationId, connectionId })).rejects.toMatchObject({ code: 'failed_precondition' });
  });

  it('says so when its key is lost', async () => {
    const ring = readFileSync(file, 'utf8');
    writeFileSync(file, freshRing());

    expect((await keys('status')).result['keys']).toContainEqual(expect.objectContaining({ unreadable: 'key_lost' }));
    writeFileSync(file, ring);
    expect(await running.client.resolveConnection(stored[1]!)).toMatchObject({ headers: { authorization: `Bearer ${secretsOf.get('one')![1]}` } });
  });
});
