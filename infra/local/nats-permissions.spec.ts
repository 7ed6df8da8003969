import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, credsAuthenticator, PermissionViolationError, type NatsConnection } from '@nats-io/transport-node';
import type { Rpc } from '@patchbay/contracts/define';
import { CALL_EVENTS, callEventSubject, edge, edgeInbox, edgePermissions, edgeSubject, type CallEventKind } from '@patchbay/contracts/edge';
import {
  MISSHAPEN_EDGE_SUBJECTS,
  RUNNER_PEERS,
  SERVICE_ACCESS,
  SERVICE_NAMES,
  serviceInbox,
  type ServiceAccess,
  type ServiceName,
} from '@patchbay/contracts/service-permissions';
import { EVENTS, REQUESTS } from '@patchbay/contracts/surface';
import { mintCreds, mintServiceCreds, natsIdentity, systemCredsFile, writeSystemCreds } from './nats-config.ts';
import { startNats } from './nats.ts';
import { findNatsBinary } from './nats-server.ts';
import { versionOf } from './nats-install.ts';
import { createFolders, dataDirFrom, pathsIn, repoRoot } from './paths.ts';
import { freePort } from './ports.ts';
import { ProcessRecord } from './process-record.ts';
import { ensureSecrets } from './secrets.ts';
import { makeScratchFolder } from './testing/scratch-folder.ts';

const EDGE = 'edge_1';
const BUCKETS = [...new Set(SERVICE_NAMES.flatMap((name) => [...rowOf(name).writes, ...rowOf(name).reads]))];
const EVENT_SUBJECTS = Object.values(EVENTS).flatMap((group) => Object.values(group).map(({ subject }) => subject));
const STREAMS = [...new Set([...EVENT_SUBJECTS.map(streamNameOf), ...BUCKETS.map((bucket) => `KV_${bucket}`)])];
const CONTRACTS = Object.values(REQUESTS).flatMap((group) => Object.values(group) as Rpc[]);
/** Of the JetStream API; what nobody may do is here too. */
const STREAM_VERBS = ['CREATE', 'UPDATE', 'DELETE', 'PURGE', 'INFO', 'SNAPSHOT', 'RESTORE', 'MSG.GET', 'MSG.DELETE', 'PEER.REMOVE', 'LEADER.STEPDOWN'];
const ACCOUNT_VERBS = ['INFO', 'STREAM.NAMES', 'STREAM.LIST', 'ACCOUNT.PURGE.x', 'META.LEADER.STEPDOWN', 'SERVER.REMOVE'];

const folder = makeScratchFolder();
const paths = pathsIn(folder.path);
createFolders(paths);
const identity = natsIdentity(ensureSecrets(paths.secrets, []).nats);
const undo = new AsyncDisposableStack();
const logins = new Map<string, NatsConnection>();
const refused = new Set<string>();
let url = '';

beforeAll(async () => {
  undo.defer(() => folder.remove());
  const path =
    process.env.PATCHBAY_NATS_SERVER ??
    (await findNatsBinary({ env: process.env, binDir: pathsIn(dataDirFrom({})).bin, note: () => {} }));
  const port = await freePort();
  url = `nats://127.0.0.1:${port}`;
  const choice = { kind: 'binary' as const, path, version: (await versionOf(path))! };
  await startNats({ choice, paths, port, identity, record: new ProcessRecord(paths.processes), undo });
  for (const name of SERVICE_NAMES) await logIn(name, await mintServiceCreds(identity, name), serviceInbox(name));
  const { publish, subscribe } = edgePermissions('org_a', EDGE);
  await logIn('edge', await mintCreds(identity, EDGE, { pub: { allow: publish }, sub: { allow: subscribe } }), edgeInbox(EDGE));
}, 120_000);

afterAll(() => undo.disposeAsync());

describe.each(SERVICE_NAMES)('%s', (name) => {
  const row = rowOf(name);

  it('asks what its row says and nothing else', async () => {
    const asked = [...row.asks, ...(row.speaksForEdges ? Object.values(edge) : [])].map(({ subject }) => concrete(subject));

    expect(await publishable(name, CONTRACTS.map(({ subject }) => concrete(subject)))).toEqual(asked.toSorted());
  });

  it('answers what its row says and nothing else, in its own queue group', async () => {
    const subjects = CONTRACTS.map(({ subject }) => subject);
    const answered = row.answers.map(({ subject }) => subject).toSorted();

    expect(await hearable(name, subjects, name)).toEqual([...answered, ...row.overhears.map(({ subject }) => subject)].toSorted());
    expect(await hearable(name, subjects)).toEqual(row.overhears.map(({ subject }) => subject));
    expect(await hearable(name, subjects, 'thieves')).toEqual(row.overhears.map(({ subject }) => subject));
  });

  it('emits its own events, and listens to none beside its consumers', async () => {
    expect(await publishable(name, EVENT_SUBJECTS)).toEqual(row.emits.map(({ subject }) => subject).toSorted());
    expect(await hearable(name, EVENT_SUBJECTS)).toEqual([]);
  });

  it('writes its own buckets', async () => {
    const entries = BUCKETS.map((bucket) => `$KV.${bucket}.org_a.x`);

    expect(await publishable(name, entries)).toEqual(row.writes.map((bucket) => `$KV.${bucket}.org_a.x`).toSorted());
    expect(await hearable(name, [...entries, '$KV.>'])).toEqual([]);
  });

  it('makes its own streams, looks at those it uses, and changes or deletes none', async () => {
    const own = [...row.emits.map(({ subject }) => streamNameOf(subject)), ...row.writes.map((bucket) => `KV_${bucket}`)];
    const read = row.reads.map((bucket) => `KV_${bucket}`);
    const allowed = [...own.map((stream) => `CREATE.${stream}`), ...[...own, ...read].map((stream) => `INFO.${stream}`), ...read.map((stream) => `MSG.GET.${stream}`)];
    const all = STREAMS.flatMap((stream) => STREAM_VERBS.map((verb) => `$JS.API.STREAM.${verb}.${stream}`));

    expect(await publishable(name, all)).toEqual([...new Set(allowed)].map((what) => `$JS.API.STREAM.${what}`).toSorted());
  });

  it('consumes its own events, and watches the buckets it reads', async () => {
    const consumers = [
      ...EVENT_SUBJECTS.map((subject) => [subject, `${streamNameOf(subject)}.${name}_${subject.split('.').slice(2).join('_')}`] as const),
      ...BUCKETS.map((bucket) => [bucket, `KV_${bucket}.oc_x_1`] as const),
    ];
    const made = (subject: string, consumer: string) => `$JS.API.CONSUMER.CREATE.${consumer}.${subject.includes('.') ? subject : `$KV.${subject}.>`}`;
    const used = [...row.consumes.map(({ subject }) => subject), ...row.reads];

    expect(await publishable(name, consumers.map(([subject, consumer]) => made(subject, consumer)))).toEqual(
      consumers.filter(([subject]) => used.includes(subject)).map(([subject, consumer]) => made(subject, consumer)).toSorted(),
    );
    expect(await publishable(name, STREAMS.flatMap((stream) => [`$JS.API.CONSUMER.CREATE.${stream}`, `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.x`, `$JS.ACK.${stream}.x.1`]))).toEqual([]);
  });

  it('answers at the inboxes of those who ask it, and hears its own', async () => {
    const inboxes = SERVICE_NAMES.map((other) => `${serviceInbox(other)}.x.1`);
    const askers = SERVICE_NAMES.filter((other) => rowOf(other).asks.some((contract) => row.answers.includes(contract)) || (other === name && row.peers.length > 0));

    expect(await publishable(name, inboxes)).toEqual(askers.map((other) => `${serviceInbox(other)}.x.1`).toSorted());
    expect(await hearable(name, [...inboxes, `${edgeInbox(EDGE)}.>`, '_INBOX.>', '>', '*', '*.>'])).toEqual([`${serviceInbox(name)}.x.1`]);
  });

  it('has no power over the account and the server, nor over edges beside its row', async () => {
    const events = (Object.keys(CALL_EVENTS) as CallEventKind[]).map((kind) => callEventSubject('org_a', EDGE, 'ses_1', kind));
    const administration = [...ACCOUNT_VERBS.map((verb) => `$JS.API.${verb}`), '$SYS.REQ.CLAIMS.UPDATE', '$SYS.REQ.SERVER.PING', 'nobody.knows.this'];
    const usesJetStream = row.emits.length + row.writes.length > 0;

    expect(await publishable(name, events)).toEqual(row.tellsEdges ? events.toSorted() : []);
    expect(await publishable(name, administration)).toEqual(usesJetStream ? ['$JS.API.INFO'] : []);
    expect(await publishable(name, [RUNNER_PEERS])).toEqual(row.peers);
    expect(await hearable(name, [...events, '$SYS.>', '$JS.>', '$JS.API.>'])).toEqual([]);
  });
});

describe('the source of a service', () => {
  const known = new Set([...CONTRACTS.map(({ subject }) => subject), ...EVENT_SUBJECTS, ...MISSHAPEN_EDGE_SUBJECTS, RUNNER_PEERS]);
  const sources = readdirSync(join(repoRoot, 'apps'), { recursive: true, encoding: 'utf8' }).filter((file) => /^[a-z]+\/src\/.*(?<!\.spec)\.tsx?$/.test(file));
  const spelledOut = new RegExp(`['"\`]((?:edge|call|${SERVICE_NAMES.join('|')})\\.v[0-9]+\\.[^'"\`\\s]*)['"\`]`, 'g');

  it('spells no subject out that no row declares', () => {
    const undeclared = sources.flatMap((file) =>
      [...readFileSync(join(repoRoot, 'apps', file), 'utf8').matchAll(spelledOut)].filter(([, subject]) => !known.has(subject!)).map(([, subject]) => `${file}: ${subject}`),
    );

    expect(sources.length).toBeGreaterThan(100);
    expect(undeclared).toEqual([]);
  });
});

describe('an edge', () => {
  const ownOperations = Object.values(edge).map(({ operation }) => edgeSubject('org_a', EDGE, operation));

  it('publishes below its own prefix only', async () => {
    const others = [
      ...CONTRACTS.map(({ subject }) => subject.replaceAll('*', 'x')),
      ...EVENT_SUBJECTS,
      ...BUCKETS.map((bucket) => `$KV.${bucket}.org_a.x`),
      ...STREAMS.flatMap((stream) => STREAM_VERBS.map((verb) => `$JS.API.STREAM.${verb}.${stream}`)),
      ...SERVICE_NAMES.map((name) => `${serviceInbox(name)}.x`),
      ...Object.values(edge).flatMap(({ operation }) => [edgeSubject('org_b', EDGE, operation), edgeSubject('org_a', 'edge_2', operation)]),
      ...ACCOUNT_VERBS.map((verb) => `$JS.API.${verb}`),
      callEventSubject('org_a', EDGE, 'ses_1', 'result'),
      RUNNER_PEERS,
    ];

    expect(await publishable('edge', [...ownOperations, ...others])).toEqual(ownOperations.toSorted());
  });

  it('hears its own inbox and the events of its own calls only', async () => {
    const own = [`${edgeInbox(EDGE)}.>`, `call.v1.org_a.${EDGE}.>`];
    const others = [...CONTRACTS, edge.turn].map(({ subject }) => subject);

    expect(await hearable('edge', [...own, ...others, ...ownOperations, '_INBOX_edge_2.>', 'call.v1.org_a.*.>', '*.gateway.*', '>'])).toEqual(own.toSorted());
  });

  it('is answered by the service that answers its operation, at a reply subject that nobody else may publish to', async () => {
    const [calls, runner, node] = [logins.get('calls')!, logins.get('runner')!, logins.get('edge')!];
    const subscription = calls.subscribe(edge.turn.subject, { queue: 'calls', callback: (_error, message) => void message.respond(message.data) });
    await calls.flush();

    const reply = await node.request(edgeSubject('org_a', EDGE, 'turn'), 'hello');
    subscription.unsubscribe();

    expect(reply.string()).toBe('hello');
    expect(await publishable('calls', [reply.subject])).toEqual([]);
    await runner.flush();
    expect(await publishable('runner', [reply.subject])).toEqual([]);
  });

  it('that speaks HTTP is answered through the gateway', async () => {
    const [calls, gateway] = [logins.get('calls')!, logins.get('gateway')!];
    const subscription = calls.subscribe(edge.turn.subject, { queue: 'calls', callback: (_error, message) => void message.respond(message.data) });
    await calls.flush();

    const reply = await gateway.request(edgeSubject('org_a', EDGE, 'turn'), 'hello', { timeout: 10_000, noMux: true, reply: `${edgeInbox(EDGE)}.gateway.1` });
    subscription.unsubscribe();

    expect(reply.string()).toBe('hello');
  });
});

describe('the login that revokes edges', () => {
  it('reads and changes the claims of our account, and does nothing else with the system', async () => {
    await writeSystemCreds(identity, folder.path);
    await logIn('system', readFileSync(systemCredsFile(folder.path)), serviceInbox('credentials'));
    const ofAccount = `$SYS.REQ.ACCOUNT.${identity.account.getPublicKey()}`;
    const allowed = [`${ofAccount}.CLAIMS.LOOKUP`, `${ofAccount}.INFO`, '$SYS.REQ.CLAIMS.UPDATE'];
    const refusedToIt = [
      `$SYS.REQ.ACCOUNT.${identity.systemAccount.getPublicKey()}.CLAIMS.LOOKUP`,
      '$SYS.REQ.CLAIMS.DELETE',
      '$SYS.REQ.CLAIMS.LIST',
      '$SYS.REQ.SERVER.PING',
      '$SYS.REQ.SERVER.PING.CONNZ',
      'credentials.v1.identify',
    ];

    expect(await publishable('system', [...allowed, ...refusedToIt])).toEqual(allowed.toSorted());
    expect(await hearable('system', ['$SYS.>', '$SYS.ACCOUNT.>', '>'])).toEqual([]);
  });
});

async function logIn(name: string, creds: Uint8Array, inboxPrefix: string): Promise<void> {
  const connection = await connect({ servers: url, authenticator: credsAuthenticator(creds), inboxPrefix, reconnect: false });
  undo.defer(() => connection.close());
  logins.set(name, connection);
  void rememberRefusals(connection);
}

async function rememberRefusals(connection: NatsConnection): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'error' && status.error instanceof PermissionViolationError) refused.add(status.error.subject);
  }
}

/** Those of the subjects that the server lets somebody publish to, sorted. Nothing is said in reply, so nothing is done. */
async function publishable(name: string, subjects: string[]): Promise<string[]> {
  const nats = logins.get(name)!;
  for (const subject of subjects) nats.publish(subject);
  return notRefused(nats, subjects);
}

/** Those of the subjects that the server lets somebody subscribe to, sorted. */
async function hearable(name: string, subjects: string[], queue?: string): Promise<string[]> {
  const nats = logins.get(name)!;
  const heard = subjects.map((subject) => nats.subscribe(subject, { ...(queue ? { queue } : {}), callback: () => undefined }));
  const left = await notRefused(nats, subjects);
  for (const subscription of heard) subscription.unsubscribe();
  return left;
}

/** The server says what it refuses before it answers the ping of a flush; what it said is read by the end of that turn. */
async function notRefused(nats: NatsConnection, subjects: string[]): Promise<string[]> {
  refused.clear();
  await nats.flush();
  await turnOfTheLoop();
  return subjects.filter((subject) => !refused.has(subject)).toSorted();
}

function rowOf(name: ServiceName): Required<Pick<ServiceAccess, 'answers' | 'asks' | 'emits' | 'consumes' | 'writes' | 'reads' | 'overhears' | 'peers'>> & ServiceAccess {
  return { answers: [], asks: [], emits: [], consumes: [], writes: [], reads: [], overhears: [], peers: [], ...(SERVICE_ACCESS[name] as ServiceAccess) };
}

/** A subject of the contracts as one edge would use it. */
function concrete(subject: string): string {
  return subject.replace('edge.v1.*.*.', `edge.v1.org_a.${EDGE}.`);
}

function streamNameOf(subject: string): string {
  return `events_${subject.split('.', 1)[0]}`;
}
