import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { Webhook } from 'standardwebhooks';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';

const SECRET = KNOWN_SECRETS.bearer;

let running: RunningCredentials;
let organizationId: string;
let strangerId: string;
let count = 0;
beforeAll(async () => {
  running = await runCredentials();
});
beforeEach(async () => {
  count += 1;
  organizationId = (await running.client.createOrganization({ name: `Owner ${count}` })).organizationId;
  strangerId = (await running.client.createOrganization({ name: `Stranger ${count}` })).organizationId;
});
afterAll(() => running.stop());

const newConnection = (secret = SECRET) =>
  running.client.createConnection({ organizationId, name: 'Calendar', provider: 'calcom', kind: 'bearer', secret });
const field = (path: string) => ({
  code: 'invalid_arguments',
  details: { fields: expect.arrayContaining([expect.objectContaining({ path })]) },
});

describe('createConnection', () => {
  it('answers with the connection and a hint, never the secret', async () => {
    const connection = await newConnection();

    expect(connection).toMatchObject({
      name: 'Calendar',
      provider: 'calcom',
      kind: 'bearer',
      hint: SECRET.slice(-4),
      sandbox: false,
      origins: [],
      version: 1,
    });
    expect(JSON.stringify(connection)).not.toContain(SECRET.slice(0, 16));
  });

  it('leaves no secret in any table', async () => {
    await newConnection();
    const rows = await running.query(
      `select encode(wrapped_dek || ciphertext || iv || tag || dek_iv || dek_tag, 'escape') as bytes, c.*
       from connection_secrets s join connections c using (org_id, connection_id) where org_id = $1`,
      [organizationId],
    );

    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(SECRET.slice(0, 16));
  });

  it('refuses a second connection with the same name and stores nothing of it', async () => {
    await newConnection();

    await expect(newConnection()).rejects.toMatchObject({ code: 'conflict', details: { fields: [{ path: 'name' }] } });
    expect((await running.client.listConnections({ organizationId })).connections).toHaveLength(1);
  });

  it.each(['with\nnew line', 'ключ', 'x'.repeat(8193)])(
    'refuses the secret %j without repeating it',
    async (secret) => {
      const refusal: unknown = await newConnection(secret).catch((error: unknown) => error);

      expect(refusal).toMatchObject(field('secret'));
      expect(String(refusal)).not.toContain(secret);
    },
  );

  it('refuses an empty secret', async () => {
    await expect(newConnection('')).rejects.toMatchObject(field('secret'));
  });

  it('refuses a provider that is no key', async () => {
    const asked = { organizationId, name: 'Calendar', provider: 'Cal.com', kind: 'bearer', secret: SECRET } as const;

    await expect(running.client.createConnection(asked)).rejects.toMatchObject(field('provider'));
  });
});

describe('getConnection and listConnections', () => {
  it('show a connection to its own organization and to no other', async () => {
    const connection = await newConnection();
    const { connectionId } = connection;

    expect(await running.client.getConnection({ organizationId, connectionId })).toEqual(connection);
    expect((await running.client.listConnections({ organizationId })).connections).toEqual([connection]);
    await expect(running.client.getConnection({ organizationId: strangerId, connectionId })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await running.client.listConnections({ organizationId: strangerId })).connections).toEqual([]);
  });
});

describe('createSigningSecret', () => {
  it('makes a Standard Webhooks secret, shows it once and can be resolved to it', async () => {
    const { connection, secret } = await running.client.createSigningSecret({ organizationId, name: 'webhook 1' });
    const { connectionId } = connection;

    expect(secret).toMatch(/^whsec_/);
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    expect(new Webhook(secret).sign('dlv_1', new Date(), '{}')).toMatch(/^v1,/);
    expect(connection).toMatchObject({ kind: 'signing_secret', name: 'webhook 1', hint: secret.slice(-4) });
    expect(await running.client.resolveConnection({ organizationId, connectionId })).toEqual({
      connectionId,
      version: 1,
      sandbox: false,
      origins: [],
      headers: {},
      sealed: null,
      signingSecrets: [secret],
      fallback: null,
      cacheMs: 60_000,
    });
  });

  it('refuses a name that a connection has already', async () => {
    await newConnection();

    await expect(running.client.createSigningSecret({ organizationId, name: 'Calendar' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('resolveConnection', () => {
  it('answers with the header that a request to the provider must carry', async () => {
    const { connectionId } = await newConnection();

    expect(await running.client.resolveConnection({ organizationId, connectionId })).toEqual({
      connectionId,
      version: 1,
      sandbox: false,
      origins: [],
      headers: { authorization: `Bearer ${SECRET}` },
      sealed: null,
      signingSecrets: [],
      fallback: null,
      cacheMs: 60_000,
    });
  });

  it('says that a connection is of a sandbox, and so does reading it', async () => {
    const asked = { organizationId, name: 'Test account', kind: 'bearer', sandbox: true, secret: SECRET } as const;
    const made = await running.client.createConnection(asked);
    const { connectionId } = made;

    expect(made.sandbox).toBe(true);
    expect(await running.client.getConnection({ organizationId, connectionId })).toEqual(made);
    expect(await running.client.resolveConnection({ organizationId, connectionId })).toMatchObject({ sandbox: true });
  });

  it('knows no connection of another organization, nor what is none at all', async () => {
    const { connectionId } = await newConnection();

    await expect(running.client.resolveConnection({ organizationId: strangerId, connectionId })).rejects.toMatchObject({
      code: 'not_found',
    });
    for (const nonsense of ['', 'conn_', '../', '\u0000']) {
      await expect(running.client.resolveConnection({ organizationId, connectionId: nonsense })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
  });

  it('opens no row that was copied to another organization', async () => {
    const { connectionId } = await newConnection();
    for (const table of ['connections', 'connection_secrets']) await copyRow(table, connectionId);

    await expect(running.client.resolveConnection({ organizationId: strangerId, connectionId })).rejects.toMatchObject({
      code: 'failed_precondition',
    });
  });

  it('says that a tampered secret must be stored again', async () => {
    const { connectionId } = await newConnection();
    await running.query(
      `update connection_secrets set tag = set_byte(tag, 0, get_byte(tag, 0) # 1) where connection_id = $1`,
      [connectionId],
    );

    await expect(running.client.resolveConnection({ organizationId, connectionId })).rejects.toMatchObject({
      code: 'failed_precondition',
      message: 'The secret of this connection cannot be read any more; store it again.',
    });
  });

  it('says the same when the key it was sealed under is lost', async () => {
    const { connectionId } = await newConnection();
    await running.query(`update connection_secrets set kek_id = 'k0' where connection_id = $1`, [connectionId]);

    await expect(running.client.resolveConnection({ organizationId, connectionId })).rejects.toMatchObject({
      code: 'failed_precondition',
    });
  });
});

/** What somebody who can write to the database might try. */
async function copyRow(table: string, connectionId: string): Promise<void> {
  await running.query(
    `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object('org_id', $2::text))).* from ${table} t where connection_id = $1`,
    [connectionId, strangerId],
  );
}
