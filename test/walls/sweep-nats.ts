import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import type { Rpc } from '@patchbay/contracts/define';
import { edge } from '@patchbay/contracts/edge';
import { jsonSchemas } from '@patchbay/contracts/json-schemas';
import { SERVICE_ACCESS, SERVICE_NAMES, serviceInbox, type ServiceAccess, type ServiceName } from '@patchbay/contracts/service-permissions';
import { REQUESTS } from '@patchbay/contracts/surface';
import { mintServiceCreds, type NatsIdentity } from '../../infra/local/nats-config.ts';
import { judge } from './judge.ts';
import { Sampler, type Schema } from './sample.ts';
import { count, type SweepInput, type Swept } from './sweep-rest.ts';

type Json = Record<string, unknown>;

export interface NatsSweepInput extends SweepInput {
  natsUrl: string;
  identity: NatsIdentity;
}

/** These carry no organization: whose they are follows from a key, a token or a state that only its owner has. */
const OF_NOBODY = [
  'credentials.v1.create_organization',
  'credentials.v1.identify',
  'credentials.v1.prepare_secret',
  'credentials.v1.start_sign_in',
  'credentials.v1.complete_sign_in',
  'credentials.v1.end_sign_in',
  'credentials.v1.complete_authorization',
];
const ANSWER_MS = 15_000;

/** Every contract between services, asked in the name of one organization about the things of another, by a service that may ask it. */
export async function sweepContracts(input: NatsSweepInput): Promise<Swept> {
  const { edge: _edges, ...groups } = REQUESTS;
  const contracts = Object.values(groups).flatMap((group) => Object.values(group) as Rpc[]);
  const swept: Swept = { targets: contracts.length, calls: 0, codes: {}, leaks: [], unexercised: [] };
  await using undo = new AsyncDisposableStack();
  const logins = new Map<ServiceName, NatsConnection>();
  for (const contract of contracts) {
    if (OF_NOBODY.includes(contract.subject)) continue;
    const asker = SERVICE_NAMES.find((name) => ((SERVICE_ACCESS[name] as ServiceAccess).asks ?? []).includes(contract));
    if (!asker) throw new Error(`No service may ask ${contract.subject}.`);
    if (!logins.has(asker)) {
      const nats = await logIn(input, asker);
      undo.defer(() => nats.close());
      logins.set(asker, nats);
    }
    await sweepContract(input, contract, logins.get(asker)!, swept);
  }
  return swept;
}

async function sweepContract({ intruder, things, marker }: NatsSweepInput, contract: Rpc, nats: NatsConnection, swept: Swept): Promise<void> {
  const message = sampleOf(contract, { ...things });
  if (typeof message['organizationId'] !== 'string') {
    swept.unexercised.push(`${contract.subject} carries no organization, and is not among those that are nobody's.`);
    return;
  }
  const sent = { ...message, organizationId: intruder.organizationId };
  const reply = await nats.request(contract.subject, JSON.stringify(sent), { timeout: ANSWER_MS });
  const body = reply.json<Json>();
  const code = reply.headers?.has('Nats-Service-Error-Code') ? String(body['code']) : undefined;
  swept.calls += 1;
  count(swept, code);
  const { leaks, unexercised } = judge({ what: contract.subject, sent, code, details: body['details'], text: reply.string() }, things, marker);
  swept.leaks.push(...leaks);
  if (unexercised) swept.unexercised.push(unexercised);
}

/** Every operation of the edge contract, at the intruder's own subjects. */
export async function sweepEdge({ intruder, things, marker }: SweepInput): Promise<Swept> {
  const operations = Object.values(edge);
  const swept: Swept = { targets: operations.length, calls: 0, codes: {}, leaks: [], unexercised: [] };
  for (const contract of operations) {
    const sent = sampleOf(contract, things);
    const { text, body, ...answer } = await intruder.edge(contract.operation, sent);
    const code = answer.code ?? (body['error'] as { code?: string } | undefined)?.code;
    swept.calls += 1;
    count(swept, code);
    const { leaks, unexercised } = judge({ what: contract.operation, sent, code, details: body['details'], text }, things, marker);
    swept.leaks.push(...leaks);
    if (unexercised) swept.unexercised.push(unexercised);
  }
  return swept;
}

export interface Shut {
  subjects: number;
  /** Where an edge could speak or listen although it is not its own. */
  open: string[];
}

/** Whatever the server must refuse an edge: to speak and to listen where others do. */
export async function sweepSubjects({ intruder, things }: SweepInput): Promise<Shut> {
  const { organizationId: own, edgeId, nats } = intruder;
  const [other, otherEdge] = [things['organization']!, things['edge']!];
  const operations = Object.values(edge).map(({ operation }) => operation);
  const places = [`${other}.${otherEdge}`, `${other}.${edgeId}`, `${own}.${otherEdge}`];
  const contracts = Object.entries(REQUESTS).flatMap(([group, all]) => (group === 'edge' ? [] : (Object.values(all) as Rpc[]).map(({ subject }) => subject)));
  const speaking = [
    ...places.flatMap((place) => operations.map((operation) => `edge.v1.${place}.${operation}`)),
    ...contracts,
    `call.v1.${other}.${otherEdge}.${things['session']}.result`,
    `_INBOX_${otherEdge}.x`,
    `$KV.sessions.${other}.${things['session']}`,
    '$JS.API.STREAM.NAMES',
  ];
  const listening = [`edge.v1.${other}.>`, `call.v1.${other}.>`, `call.v1.*.${edgeId}.>`, `_INBOX_${otherEdge}.>`, '_INBOX_gateway.>', '$KV.>', '$JS.>', '>', ...contracts];
  const open: string[] = [];
  for (const subject of speaking) if (!(await isRefused(nats.request(subject, '{}', { timeout: ANSWER_MS })))) open.push(`speaks at ${subject}`);
  for (const subject of listening) if (!isViolation(await nats.subscribe(subject).closed)) open.push(`listens at ${subject}`);
  return { subjects: speaking.length + listening.length, open };
}

async function isRefused(answer: Promise<unknown>): Promise<boolean> {
  return answer.then(() => false, isViolation);
}

function isViolation(error: unknown): boolean {
  return error instanceof Error && /permissions violation/i.test(`${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`);
}

function sampleOf(contract: Rpc, things: Record<string, string> | Readonly<Record<string, string>>): Json {
  const { asked, ...components } = jsonSchemas({ asked: contract.input }, 'input') as Record<string, Schema>;
  return new Sampler(things, components).sample(asked!) as Json;
}

async function logIn({ natsUrl, identity }: NatsSweepInput, service: ServiceName): Promise<NatsConnection> {
  const creds = await mintServiceCreds(identity, service);
  return connect({ servers: natsUrl, authenticator: credsAuthenticator(creds), inboxPrefix: `${serviceInbox(service)}.sweep` });
}
