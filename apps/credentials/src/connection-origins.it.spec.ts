import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { ScriptedProvider } from '@patchbay/testing/scripted-provider';
import { FollowedConnections } from '../testing/connection-states.ts';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';

type Asked = RequestOf<typeof credentials.createConnection>;
type Update = Omit<RequestOf<typeof credentials.updateConnection>, 'organizationId' | 'connectionId'>;

const SECRET = KNOWN_SECRETS.bearer;
const NEXT = KNOWN_SECRETS.bearerNext;

let running: RunningCredentials;
let states: FollowedConnections;
let provider: ScriptedProvider;
let elsewhere: ScriptedProvider;
let organizationId: string;
let count = 0;
beforeAll(async () => {
  running = await runCredentials({ EGRESS_ALLOW_NETWORKS: '127.0.0.0/8', EGRESS_ALLOW_HTTP: 'true' });
  states = await FollowedConnections.follow(running.nats);
});
beforeEach(async () => {
  count += 1;
  organizationId = (await running.client.createOrganization({ name: `Owner ${count}` })).organizationId;
  [provider, elsewhere] = await Promise.all([ScriptedProvider.start(), ScriptedProvider.start()]);
});
afterEach(() => Promise.all([provider.stop(), elsewhere.stop()]));
afterAll(async () => {
  states.stop();
  await running.stop();
});

const checkAt = ({ url }: ScriptedProvider, path = '/me') => ({ method: 'GET' as const, url: `${url}${path}` });
const create = (changes: Partial<Asked> = {}) =>
  running.client.createConnection({ organizationId, name: 'Calendar', kind: 'bearer', secret: SECRET, check: checkAt(provider), ...changes });
const update = ({ connectionId }: Connection, changes: Update) => running.client.updateConnection({ organizationId, connectionId, ...changes });
const rotate = ({ connectionId }: Connection, more: object) => running.client.rotateSecret({ organizationId, connectionId, secret: NEXT, ...more });
const get = ({ connectionId }: Connection) => running.client.getConnection({ organizationId, connectionId });
const resolve = ({ connectionId }: Connection) => running.client.resolveConnection({ organizationId, connectionId });

describe('a connection that is made', () => {
  it('is bound to the origin of its check when nobody says another one, and whoever uses it is told', async () => {
    const connection = await create();

    expect(connection.origins).toEqual([provider.url]);
    expect((await resolve(connection)).origins).toEqual([provider.url]);
    expect(await states.until(organizationId, connection.connectionId, () => true)).toMatchObject({ origins: [provider.url] });
  });

  it('is bound to what was said, or to nothing when that was said', async () => {
    expect((await create({ origins: [`${provider.url}/`, 'HTTPS://*.Example.com:443'] })).origins).toEqual([provider.url, 'https://*.example.com']);
    expect((await create({ name: 'Free', origins: [] })).origins).toEqual([]);
    expect((await create({ name: 'Untried', check: undefined })).origins).toEqual([]);
  });

  it('is refused, and its secret sent nowhere, when its check leads outside of its origins', async () => {
    await expect(create({ check: checkAt(elsewhere), origins: [provider.url] })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'check.url', problem: expect.stringContaining(elsewhere.url) }] },
    });
    expect(elsewhere.received).toEqual([]);
  });

  it('is refused for what is no origin', async () => {
    await expect(create({ origins: [`${provider.url}/v1`] })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'origins.0', problem: expect.stringContaining('is not an origin') }] },
    });
  });
});

describe('a stored secret', () => {
  it.each<[string, () => Update]>([
    ['a check elsewhere', () => ({ check: checkAt(elsewhere) })],
    ['one more origin', () => ({ origins: [provider.url, elsewhere.url] })],
    ['a check elsewhere with its origin', () => ({ check: checkAt(elsewhere), origins: [elsewhere.url] })],
    ['no origins', () => ({ origins: [] })],
  ])('goes nowhere else for an update with %s', async (_what, changes) => {
    const connection = await create();

    await expect(update(connection, changes())).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringMatching(/was given for http:\/\/127\.0\.0\.1:\d+ only\. Give the secret again/),
    });
    expect(await get(connection)).toEqual(connection);
    expect(elsewhere.received).toEqual([]);
  });

  it('can be bound more closely at any time, which the audit log shows and runners hear', async () => {
    const connection = await create({ origins: [provider.url, elsewhere.url] });

    expect((await update(connection, { origins: [provider.url] })).origins).toEqual([provider.url]);
    await states.until(organizationId, connection.connectionId, ({ origins }) => origins.length === 1);
    const { entries } = await running.client.listAudit({ organizationId });
    expect(entries.find(({ action }) => action === 'connection.updated')).toMatchObject({ changed: ['origins'] });
  });

  it('is not sent to a check that is outside of its origins, however that came to be', async () => {
    const connection = await create();
    await running.query(`update connections set origins = '{https://api.example.com}' where connection_id = $1`, [connection.connectionId]);
    provider.received.length = 0;

    const checked = await running.client.checkConnection({ organizationId, connectionId: connection.connectionId });

    expect(checked.reason).toMatchObject({ text: expect.stringContaining('not among the origins'), fault: 'organization' });
    expect(provider.received).toEqual([]);
  });

  it('of a release before is not bound, and can be used and tried out as before', async () => {
    const connection = await create({ check: undefined });

    expect((await update(connection, { check: checkAt(elsewhere) })).origins).toEqual([]);
    expect((await update(connection, { origins: [elsewhere.url] })).origins).toEqual([elsewhere.url]);
  });
});

describe('a secret that is given again', () => {
  it('goes to the origins that it is given for, and the one before stays behind', async () => {
    const connection = await create();
    provider.received.length = 0;

    const { connection: rotated } = await rotate(connection, { origins: [elsewhere.url], check: checkAt(elsewhere) });

    expect(rotated).toMatchObject({ origins: [elsewhere.url], check: { url: `${elsewhere.url}/me` }, version: 2, slots: [{ slot: 'current' }] });
    expect(elsewhere.received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${NEXT}`]);
    expect(provider.received).toEqual([]);
    expect(await resolve(connection)).toMatchObject({ origins: [elsewhere.url], fallback: null });
    await expect(running.client.revertRotation({ organizationId, connectionId: connection.connectionId })).rejects.toMatchObject({ code: 'failed_precondition' });
    expect(await running.query('select version from connection_secrets where connection_id = $1', [connection.connectionId])).toEqual([{ version: 2 }]);
  });

  it('leaves the one before for the grace time when it goes no further', async () => {
    const connection = await create({ origins: [provider.url, elsewhere.url] });

    const { connection: rotated } = await rotate(connection, { origins: [provider.url] });

    expect(rotated).toMatchObject({ origins: [provider.url], slots: [{ slot: 'current' }, { slot: 'previous' }] });
  });

  it('changes nothing when the provider there refuses it', async () => {
    const connection = await create();
    elsewhere.otherwise(() => ({ status: 401 }));

    await expect(rotate(connection, { origins: [elsewhere.url], check: checkAt(elsewhere) })).rejects.toMatchObject({ code: 'failed_precondition' });
    expect(await get(connection)).toMatchObject({ origins: [provider.url], version: 1 });
  });
});
