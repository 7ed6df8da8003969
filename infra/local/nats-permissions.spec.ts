import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Rpc } from '@patchbay/contracts/define';
import { CALL_EVENTS, callEventSubject, edge, edgeInbox, type CallEventKind } from '@patchbay/contracts/edge';
import {
  MISSHAPEN_EDGE_SUBJECTS,
  RUNNER_PEERS,
  RUNNER_SPENT,
  SERVICE_ACCESS,
  SERVICE_NAMES,
  serviceInbox,
  type ServiceAccess,
  type ServiceName,
} from '@patchbay/contracts/service-permissions';
import { EVENTS, REQUESTS } from '@patchbay/contracts/surface';
import { repoRoot } from './paths.ts';
import { EDGE, startPermittedNats, type PermittedNats } from './testing/permitted-nats.ts';

const BUCKETS = [...new Set(SERVICE_NAMES.flatMap((name) => [...rowOf(name).writes, ...rowOf(name).reads]))];
const EVENT_SUBJECTS = Object.values(EVENTS).flatMap((group) => Object.values(group).map(({ subject }) => subject));
const STREAMS = [...new Set([...EVENT_SUBJECTS.map(streamNameOf), ...BUCKETS.map((bucket) => `KV_${bucket}`)])];
const CONTRACTS = Object.values(REQUESTS).flatMap((group) => Object.values(group) as Rpc[]);
/** Of the JetStream API; what nobody may do is here too. */
const STREAM_VERBS = [
  'CREATE',
  'UPDATE',
  'DELETE',
  'PURGE',
  'INFO',
  'SNAPSHOT',
  'RESTORE',
  'MSG.GET',
  'MSG.DELETE',
  'PEER.REMOVE',
  'LEADER.STEPDOWN',
];
const ACCOUNT_VERBS = ['INFO', 'STREAM.NAMES', 'STREAM.LIST', 'ACCOUNT.PURGE.x', 'META.LEADER.STEPDOWN', 'SERVER.REMOVE'];

let nats: PermittedNats;

beforeAll(async () => {
  nats = await startPermittedNats();
}, 120_000);

afterAll(() => nats.stop());

describe.each(SERVICE_NAMES)('%s', (name) => {
  const row = rowOf(name);

  it('asks what its row says and nothing else', async () => {
    const asked = [...row.asks, ...(row.speaksForEdges ? Object.values(edge) : [])].map(({ subject }) => concrete(subject));

    expect(
      await nats.guests.publishable(
        name,
        CONTRACTS.map(({ subject }) => concrete(subject)),
      ),
    ).toEqual(asked.toSorted());
  });

  it('answers what its row says and nothing else, in its own queue group', async () => {
    const subjects = CONTRACTS.map(({ subject }) => subject);
    const answered = row.answers.map(({ subject }) => subject).toSorted();

    expect(await nats.guests.hearable(name, subjects, name)).toEqual([...answered, ...row.overhears.map(({ subject }) => subject)].toSorted());
    expect(await nats.guests.hearable(name, subjects)).toEqual(row.overhears.map(({ subject }) => subject));
    expect(await nats.guests.hearable(name, subjects, 'thieves')).toEqual(row.overhears.map(({ subject }) => subject));
  });

  it('emits its own events, and listens beside its consumers to those only that its row says', async () => {
    expect(await nats.guests.publishable(name, EVENT_SUBJECTS)).toEqual(row.emits.map(({ subject }) => subject).toSorted());
    expect(await nats.guests.hearable(name, EVENT_SUBJECTS)).toEqual(row.hears.map(({ subject }) => subject));
  });

  it('writes its own buckets', async () => {
    const entries = BUCKETS.map((bucket) => `$KV.${bucket}.org_a.x`);

    expect(await nats.guests.publishable(name, entries)).toEqual(row.writes.map((bucket) => `$KV.${bucket}.org_a.x`).toSorted());
    expect(await nats.guests.hearable(name, [...entries, '$KV.>'])).toEqual([]);
  });

  it('makes its own streams, looks at those it uses, and changes or deletes none', async () => {
    const own = [...row.emits.map(({ subject }) => streamNameOf(subject)), ...row.writes.map((bucket) => `KV_${bucket}`)];
    const read = row.reads.map((bucket) => `KV_${bucket}`);
    const allowed = [
      ...own.map((stream) => `CREATE.${stream}`),
      ...[...own, ...read].map((stream) => `INFO.${stream}`),
      ...read.map((stream) => `MSG.GET.${stream}`),
    ];
    const all = STREAMS.flatMap((stream) => STREAM_VERBS.map((verb) => `$JS.API.STREAM.${verb}.${stream}`));

    expect(await nats.guests.publishable(name, all)).toEqual([...new Set(allowed)].map((what) => `$JS.API.STREAM.${what}`).toSorted());
  });

  it('consumes its own events, and watches the buckets it reads', async () => {
    const consumers = [
      ...EVENT_SUBJECTS.map((subject) => [subject, `${streamNameOf(subject)}.${name}_${subject.split('.').slice(2).join('_')}`] as const),
      ...BUCKETS.map((bucket) => [bucket, `KV_${bucket}.oc_x_1`] as const),
    ];
    const made = (subject: string, consumer: string) => `$JS.API.CONSUMER.CREATE.${consumer}.${subject.includes('.') ? subject : `$KV.${subject}.>`}`;
    const used = [...row.consumes.map(({ subject }) => subject), ...row.reads];

    expect(
      await nats.guests.publishable(
        name,
        consumers.map(([subject, consumer]) => made(subject, consumer)),
      ),
    ).toEqual(
      consumers
        .filter(([subject]) => used.includes(subject))
        .map(([subject, consumer]) => made(subject, consumer))
        .toSorted(),
    );
    expect(
      await nats.guests.publishable(
        name,
        STREAMS.flatMap((stream) => [`$JS.API.CONSUMER.CREATE.${stream}`, `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.x`, `$JS.ACK.${stream}.x.1`]),
      ),
    ).toEqual([]);
  });

  it('answers at the inboxes of those who ask it, and hears its own', async () => {
    const inboxes = SERVICE_NAMES.map((other) => `${serviceInbox(other)}.x.1`);
    const askers = SERVICE_NAMES.filter(
      (other) => rowOf(other).asks.some((contract) => row.answers.includes(contract)) || (other === name && row.peers.length > 0),
    );

    expect(await nats.guests.publishable(name, inboxes)).toEqual(askers.map((other) => `${serviceInbox(other)}.x.1`).toSorted());
    expect(await nats.guests.hearable(name, [...inboxes, `${edgeInbox(EDGE)}.>`, '_INBOX.>', '>', '*', '*.>'])).toEqual([
      `${serviceInbox(name)}.x.1`,
    ]);
  });

  it('has no power over the account and the server, nor over edges beside its row', async () => {
    const events = (Object.keys(CALL_EVENTS) as CallEventKind[]).map((kind) => callEventSubject('org_a', EDGE, 'ses_1', kind));
    const administration = [...ACCOUNT_VERBS.map((verb) => `$JS.API.${verb}`), '$SYS.REQ.CLAIMS.UPDATE', '$SYS.REQ.SERVER.PING', 'nobody.knows.this'];
    const usesJetStream = row.emits.length + row.writes.length > 0;

    expect(await nats.guests.publishable(name, events)).toEqual(row.tellsEdges ? events.toSorted() : []);
    expect(await nats.guests.publishable(name, administration)).toEqual(usesJetStream ? ['$JS.API.INFO'] : []);
    expect(await nats.guests.publishable(name, [RUNNER_PEERS, RUNNER_SPENT])).toEqual(row.peers);
    expect(await nats.guests.hearable(name, [RUNNER_PEERS, RUNNER_SPENT])).toEqual(row.peers);
    expect(await nats.guests.hearable(name, [...events, '$SYS.>', '$JS.>', '$JS.API.>'])).toEqual([]);
  });
});

describe('the source of a service', () => {
  const known = new Set([...CONTRACTS.map(({ subject }) => subject), ...EVENT_SUBJECTS, ...MISSHAPEN_EDGE_SUBJECTS, RUNNER_PEERS, RUNNER_SPENT]);
  const sources = readdirSync(join(repoRoot, 'apps'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^[a-z]+\/src\/.*(?<!\.spec)\.tsx?$/.test(file),
  );
  const spelledOut = new RegExp(`['"\`]((?:edge|call|${SERVICE_NAMES.join('|')})\\.v[0-9]+\\.[^'"\`\\s]*)['"\`]`, 'g');

  it('spells no subject out that no row declares', () => {
    const undeclared = sources.flatMap((file) =>
      [...readFileSync(join(repoRoot, 'apps', file), 'utf8').matchAll(spelledOut)]
        .filter(([, subject]) => !known.has(subject!))
        .map(([, subject]) => `${file}: ${subject}`),
    );

    expect(sources.length).toBeGreaterThan(100);
    expect(undeclared).toEqual([]);
  });
});

function rowOf(
  name: ServiceName,
): Required<Pick<ServiceAccess, 'answers' | 'asks' | 'emits' | 'consumes' | 'hears' | 'writes' | 'reads' | 'overhears' | 'peers'>> & ServiceAccess {
  return {
    answers: [],
    asks: [],
    emits: [],
    consumes: [],
    hears: [],
    writes: [],
    reads: [],
    overhears: [],
    peers: [],
    ...(SERVICE_ACCESS[name] as ServiceAccess),
  };
}

/** A subject of the contracts as one edge would use it. */
function concrete(subject: string): string {
  return subject.replace('edge.v1.*.*.', `edge.v1.org_a.${EDGE}.`);
}

function streamNameOf(subject: string): string {
  return `events_${subject.split('.', 1)[0]}`;
}
