import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runner } from '@patchbay/contracts/runner';
import { clientFor, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { setImmediate } from 'node:timers/promises';
import { RunningRunner, SECRET } from '../testing/running-runner.ts';

const NEXT = `Bearer ${KNOWN_SECRETS.bearerNext}`;
const PREVIOUS = `Bearer ${KNOWN_SECRETS.bearerPrevious}`;

let running: RunningRunner;
let client: ClientOf<typeof runner>;

beforeAll(async () => {
  running = await RunningRunner.start();
  client = clientFor(running.nats, runner);
});
afterAll(() => running.stop());
beforeEach(async () => {
  running.sessionId = await running.startSession('live');
  running.provider.received.length = 0;
  running.uses.length = 0;
  running.credential = {};
});

const unavailable = async () =>
  (await client.listUnavailable({ organizationId: running.organizationId, versionId: running.versionId })).unavailable;

/** Asks until what was published has arrived. */
async function until<T>(ask: () => T | Promise<T>, isSo: (answer: Awaited<T>) => boolean): Promise<Awaited<T>> {
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await setImmediate();
  }
}

describe('a connection that does not work', () => {
  it.each(['reconnect_required', 'revoked'] as const)('takes its functions off the menu and out of calls while it is %s, until it works again', async (health) => {
    await running.connectionBecomes({ health });
    const gone = await until(unavailable, (list) => list.length > 0);

    expect(gone.find(({ name }) => name === 'check_order')).toMatchObject({ reason: 'credential_invalid', say: expect.stringContaining('cannot do that') });
    expect(await running.invoke('check_order', { orderId: `${health} 1` })).toMatchObject({ status: 'rejected', error: { code: 'credential_invalid' } });
    expect(running.provider.received).toHaveLength(0);

    await running.connectionBecomes({ health: 'healthy' });
    await until(unavailable, (list) => list.length === 0);
    expect(await running.invoke('check_order', { orderId: `${health} 2` })).toMatchObject({ status: 'succeeded' });
  });

  it('takes away only what it has no scope for', async () => {
    await running.connectionBecomes({ grantedScopes: ['orders.list'] });
    const gone = await until(unavailable, (list) => list.length > 0);

    expect(gone).toEqual([{ name: 'scoped_check', reason: 'scope_missing', say: expect.any(String) }]);
    expect(await running.invoke('scoped_check', { orderId: '3' })).toMatchObject({
      status: 'rejected',
      error: { code: 'scope_missing', message: expect.stringContaining('orders.read') },
    });
    await running.connectionBecomes({});
    await until(unavailable, (list) => list.length === 0);
  });

  it('is tried out when a call begins', async () => {
    running.checked.length = 0;
    await unavailable();

    await until(() => running.checked.length, (count) => count > 0);
    expect(running.checked).toContain(running.connectionId);
    expect(new Set(running.checked).size).toBe(running.checked.length);
  });
});

describe('a resolved credential', () => {
  it('is asked for once, names the invocation, and is dropped when its connection changes', async () => {
    await running.connectionBecomes({ version: 4 });
    await until(unavailable, () => true);
    const first = await running.invoke('check_order', { orderId: '10' });
    const asked = running.resolved.length;
    await running.invoke('check_order', { orderId: '11' });
    expect(running.resolved.length).toBe(asked);
    expect(running.resolved.some(({ invocationId }) => invocationId === first.invocationId)).toBe(true);

    running.credential = { version: 5, headers: { authorization: NEXT } };
    await running.connectionBecomes({ version: 5 });
    const used = await until(
      async () => {
        await running.invoke('check_order', { orderId: String(running.provider.received.length + 100) });
        return running.provider.received.at(-1)!.headers.authorization;
      },
      (authorization) => authorization === NEXT,
    );

    expect(used).toBe(NEXT);
  });

  it('is not kept longer than its owner says', async () => {
    running.credential = { cacheMs: 0 };
    await running.connectionBecomes({ version: 6 });
    const asked = await until(
      async () => {
        const before = running.resolved.length;
        await running.invoke('check_order', { orderId: String(before + 1000) });
        await running.invoke('check_order', { orderId: String(before + 2000) });
        return running.resolved.length - before;
      },
      (count) => count === 2,
    );

    expect(asked).toBe(2);
  });
});

describe('a secret that was just rotated in', () => {
  beforeEach(async () => {
    running.credential = { version: 8, fallback: { version: 7, headers: { authorization: PREVIOUS } }, cacheMs: 0 };
    await running.connectionBecomes({ version: 8 });
  });

  it('gives way to the previous one once when the provider refuses it, for a write too', async () => {
    running.provider.script({ status: 401, body: { error: 'unknown token' } }, { body: { booking: '1' } });

    const outcome = await until(
      () => running.invoke('book', { orderId: String(Math.random()) }),
      () => running.provider.received.some(({ headers }) => headers.authorization === PREVIOUS),
    );

    expect(outcome).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(running.provider.received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${SECRET}`, PREVIOUS]);
    expect(running.uses).toContainEqual(expect.objectContaining({ use: 'refused', byFallback: true, version: 8, status: 401 }));
    const [record] = await running.recorded();
    expect(record!.attempts.map(({ connectionVersion }) => connectionVersion)).toEqual([8, 7]);
    expect(record!.decisions).toContainEqual(expect.objectContaining({ step: 'credential', decision: 'previous' }));
  });

  it('gives way only once: refused twice is refused', async () => {
    running.provider.script({ status: 401 }, { status: 401 });

    const outcome = await running.invoke('book', { orderId: String(Math.random()) });

    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'credential_invalid' } });
    expect(running.provider.received).toHaveLength(2);
    await until(() => running.uses.length, (count) => count > 1);
    expect(running.uses.map(({ byFallback, version }) => ({ byFallback, version }))).toEqual([
      { byFallback: true, version: 8 },
      { byFallback: false, version: 8 },
    ]);
  });
});

describe('real traffic', () => {
  it('tells when a provider refuses the account, and when it works', async () => {
    running.provider.script({ status: 401 });
    await running.invoke('check_order', { orderId: '30' });
    await until(() => running.uses.length, (count) => count > 0);
    expect(running.uses[0]).toMatchObject({ use: 'refused', connectionId: running.connectionId, version: 3, status: 401 });

    running.credential = { version: 9 };
    await running.invoke('check_order', { orderId: '31' });
    await until(() => running.uses.length, (count) => count > 1);
    expect(running.uses[1]).toMatchObject({ use: 'worked', version: 9 });
  });

  it('takes a 403 for a missing scope only where the provider says so', async () => {
    running.provider.script({ status: 403 });
    await running.invoke('check_order', { orderId: '40' });
    running.provider.script({ status: 403, headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="orders.read"' } });
    await running.invoke('check_order', { orderId: '41' });

    await until(() => running.uses.length, (count) => count > 0);
    expect(running.uses).toEqual([expect.objectContaining({ use: 'lacks_scope', status: 403 })]);
  });
});

describe('a connection that is bound to origins', () => {
  let version = 100;
  /** With the secret only, as if the runner had not heard of the connection. Resolves when it asks for the secret anew. */
  const bindTo = async (origins: string[]) => {
    running.credential = { cacheMs: 0, origins, fallback: { version: 2, headers: { authorization: PREVIOUS } } };
    const asked = running.resolved.length;
    await running.connectionBecomes({ version: ++version });
    await until(
      async () => {
        await running.invoke('check_order', { orderId: `${version} ${running.resolved.length}` });
        return running.resolved.length;
      },
      (count) => count > asked,
    );
    running.provider.received.length = 0;
  };
  const blocked = { status: 'rejected', error: { code: 'egress_blocked', message: expect.stringMatching(/may not be used for http:\/\/127\.0\.0\.1:\d+; nothing was sent/) } };

  it('is used where it may be', async () => {
    await bindTo(['https://api.example.com', running.provider.url]);

    expect(await running.invoke('check_order', { orderId: 'a1' })).toMatchObject({ status: 'succeeded' });
    expect(running.provider.received).toMatchObject([{ headers: { authorization: `Bearer ${SECRET}` } }]);
  });

  it.each(['check_order', 'book', 'verified_book'])('is not used by %s of a tool that leads elsewhere: nothing arrives there', async (name) => {
    await bindTo(['https://api.example.com']);

    expect(await running.invoke(name, { orderId: 'a2' })).toMatchObject(blocked);
    expect(running.provider.received).toEqual([]);
  });

  it('is used again once somebody has given it for that address', async () => {
    await bindTo(['https://api.example.com']);
    expect(await running.invoke('check_order', { orderId: 'a3' })).toMatchObject(blocked);

    await bindTo([running.provider.url]);
    expect(await running.invoke('check_order', { orderId: 'a4' })).toMatchObject({ status: 'succeeded' });
  });

  it('takes what leads elsewhere off the menu, and costs no caller a yes for nothing', async () => {
    await running.connectionBecomes({ origins: ['https://api.example.com'] });
    const gone = await until(unavailable, (list) => list.length > 0);

    expect(gone.map(({ name, reason }) => [name, reason])).toContainEqual(['notify', 'egress_blocked']);
    expect(await running.invoke('notify', { orderId: 'a5' })).toMatchObject(blocked);
    expect(running.provider.received).toEqual([]);
    await running.connectionBecomes({});
    await until(unavailable, (list) => list.length === 0);
  });
});
