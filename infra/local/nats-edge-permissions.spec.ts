import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callEventSubject, edge, edgeInbox, edgeSubject } from '@patchbay/contracts/edge';
import { RUNNER_PEERS, RUNNER_SPENT, SERVICE_NAMES, serviceInbox, servicePermissions } from '@patchbay/contracts/service-permissions';
import { systemCredsFile, writeSystemCreds } from './nats-config.ts';
import { EDGE, startPermittedNats, type PermittedNats } from './testing/permitted-nats.ts';

let nats: PermittedNats;

beforeAll(async () => {
  nats = await startPermittedNats();
}, 120_000);

afterAll(() => nats.stop());

describe('an edge', () => {
  const ownOperations = Object.values(edge).map(({ operation }) => edgeSubject('org_a', EDGE, operation));

  it('publishes below its own prefix only', async () => {
    const others = [
      ...SERVICE_NAMES.flatMap((name) => servicePermissions(name).publish).map((subject) => subject.replaceAll(/[*>]/g, 'x')),
      ...Object.values(edge).flatMap(({ operation }) => [edgeSubject('org_b', EDGE, operation), edgeSubject('org_a', 'edge_2', operation)]),
      ...SERVICE_NAMES.map((name) => `${name}.v1.anything`),
      callEventSubject('org_a', EDGE, 'ses_1', 'result'),
      RUNNER_PEERS,
      RUNNER_SPENT,
    ];

    expect(await nats.guests.publishable('edge', [...ownOperations, ...others])).toEqual(ownOperations.toSorted());
  });

  it('hears its own inbox and the events of its own calls only', async () => {
    const own = [`${edgeInbox(EDGE)}.>`, `call.v1.org_a.${EDGE}.>`];
    const others = SERVICE_NAMES.flatMap((name) => servicePermissions(name).subscribe).map((subject) => subject.split(' ')[0]!);

    expect(
      await nats.guests.hearable('edge', [...own, ...others, ...ownOperations, '_INBOX_edge_2.>', 'call.v1.org_a.*.>', '*.gateway.*', '>']),
    ).toEqual(own.toSorted());
  });

  it('is answered by the service that answers its operation, at a reply subject that nobody else may publish to', async () => {
    const [calls, runner, node] = [nats.guests.of('calls'), nats.guests.of('runner'), nats.guests.of('edge')];
    const subscription = calls.subscribe(edge.turn.subject, { queue: 'calls', callback: (_error, message) => void message.respond(message.data) });
    await calls.flush();

    const reply = await node.request(edgeSubject('org_a', EDGE, 'turn'), 'hello');
    subscription.unsubscribe();

    expect(reply.string()).toBe('hello');
    expect(await nats.guests.publishable('calls', [reply.subject])).toEqual([]);
    await runner.flush();
    expect(await nats.guests.publishable('runner', [reply.subject])).toEqual([]);
  });

  it('that speaks HTTP is answered through the gateway', async () => {
    const [calls, gateway] = [nats.guests.of('calls'), nats.guests.of('gateway')];
    const subscription = calls.subscribe(edge.turn.subject, { queue: 'calls', callback: (_error, message) => void message.respond(message.data) });
    await calls.flush();

    const reply = await gateway.request(edgeSubject('org_a', EDGE, 'turn'), 'hello', {
      timeout: 10_000,
      noMux: true,
      reply: `${edgeInbox(EDGE)}.gateway.1`,
    });
    subscription.unsubscribe();

    expect(reply.string()).toBe('hello');
  });
});

describe('the login that revokes edges', () => {
  it('reads and changes the claims of our account, and does nothing else with the system', async () => {
    await writeSystemCreds(nats.identity, nats.folder);
    const creds = readFileSync(systemCredsFile(nats.folder));
    await nats.guests.logIn('system', { url: nats.url, creds, inboxPrefix: serviceInbox('credentials') });
    const ofAccount = `$SYS.REQ.ACCOUNT.${nats.identity.account.getPublicKey()}`;
    const allowed = [`${ofAccount}.CLAIMS.LOOKUP`, `${ofAccount}.INFO`, '$SYS.REQ.CLAIMS.UPDATE'];
    const refusedToIt = [
      `$SYS.REQ.ACCOUNT.${nats.identity.systemAccount.getPublicKey()}.CLAIMS.LOOKUP`,
      '$SYS.REQ.CLAIMS.DELETE',
      '$SYS.REQ.CLAIMS.LIST',
      '$SYS.REQ.SERVER.PING',
      '$SYS.REQ.SERVER.PING.CONNZ',
      'credentials.v1.identify',
    ];

    expect(await nats.guests.publishable('system', [...allowed, ...refusedToIt])).toEqual(allowed.toSorted());
    expect(await nats.guests.hearable('system', ['$SYS.>', '$SYS.ACCOUNT.>', '>'])).toEqual([]);
  });
});
