import { accessEvents } from './access.ts';
import { agents, AGENT_SNAPSHOT_BUCKET, DEPLOYMENT_BUCKET } from './agents.ts';
import { changes } from './audit.ts';
import { callEvents, calls, SESSION_BUCKET } from './calls.ts';
import { catalog } from './catalog.ts';
import { CONNECTION_BUCKET } from './connections.ts';
import { credentials } from './credentials.ts';
import type { EventContract, Rpc, RpcGroup } from './define.ts';
import { CALL_EVENTS, callEventSubject, edge, edgeInbox, type CallEventKind } from './edge.ts';
import { observability } from './observability.ts';
import { bucketRead, bucketWritten, eventsConsumed, eventsEmitted } from './jetstream-subjects.ts';
import { runner } from './runner.ts';
import { workflows } from './workflows.ts';

/** What a service does over NATS; whatever is not in its row is refused by the server. */
export interface ServiceAccess {
  answers?: readonly Rpc[];
  asks?: readonly Rpc[];
  emits?: readonly EventContract[];
  consumes?: readonly EventContract[];
  /** Events that each process hears as they are published; what is published while it is away it does not hear. */
  hears?: readonly EventContract[];
  /** Buckets of snapshots. */
  writes?: readonly string[];
  reads?: readonly string[];
  /** Hears requests that others answer, and answers none of them. */
  overhears?: readonly Rpc[];
  /** Asks all processes of its own kind. */
  peers?: readonly string[];
  /** Asks in the name of edges that speak HTTP. */
  speaksForEdges?: boolean;
  /** Tells edges about their calls. */
  tellsEdges?: readonly CallEventKind[];
  /** Answers edges whose subject has a shape that no operation has. */
  answersMisshapen?: readonly string[];
}

/** Where each runner asks the others who has an invocation. */
export const RUNNER_PEERS = 'runner.v1.peers.find';

/** Where each runner tells the others which calls it has let through, so that limits are those of the platform. */
export const RUNNER_SPENT = 'runner.v1.peers.spent';

/**
 * Shapes that no operation of the edge contract has, such as an id with a dot in it. They must not overlap a real operation: NATS reports
 * "no responders" only where nobody at all listens, and that is how an edge learns at once that a service is away.
 */
export const MISSHAPEN_EDGE_SUBJECTS = [
  'edge.v1.*',
  'edge.v1.*.*',
  'edge.v1.*.*.*.invoke',
  'edge.v1.*.*.*.turn',
  'edge.v1.*.*.*.heard',
  'edge.v1.*.*.*.*.>',
] as const;

/** The whole platform, a row for each service. Every contract is answered in exactly one row and asked in at least one. */
export const SERVICE_ACCESS = {
  gateway: {
    asks: [
      ...of(credentials, ['createOrganization', 'identify', 'startSignIn', 'completeSignIn', 'endSignIn']),
      ...of(credentials, ['invitePerson', 'listPeople', 'changeRole', 'removePerson']),
      ...of(credentials, ['createApiKey', 'listApiKeys', 'rotateApiKey', 'revokeApiKey']),
      ...of(credentials, ['createEdge', 'getEdge', 'listEdges', 'renewEdge', 'revokeEdge']),
      ...of(credentials, ['prepareSecret', 'createConnection', 'createSigningSecret', 'getConnection', 'listConnections', 'updateConnection']),
      ...of(credentials, ['enableConnection', 'disableConnection', 'deleteConnection', 'undeleteConnection', 'checkConnection']),
      ...of(credentials, ['rotateSecret', 'revertRotation', 'finishRotation', 'refreshConnection', 'revokeConnection']),
      ...of(credentials, ['startAuthorization', 'completeAuthorization', 'listAudit', 'verifyAudit']),
      ...of(catalog, ['createTool', 'updateTool', 'getTool', 'listTools']),
      ...of(agents, ['createAgent', 'getAgent', 'listAgents', 'createVersion', 'deployVersion']),
      ...of(calls, ['listSessions', 'getTimeline']),
      ...of(workflows, ['createWebhook', 'listWebhooks', 'listDeliveries']),
      ...of(observability, ['ingestSpans', 'listSpans']),
    ],
    hears: Object.values(accessEvents),
    speaksForEdges: true,
  },
  credentials: {
    answers: Object.values(credentials),
    emits: Object.values(accessEvents),
    consumes: [changes.catalog.changeRecorded, changes.agents.changeRecorded, changes.workflows.changeRecorded],
    writes: [CONNECTION_BUCKET],
  },
  catalog: {
    answers: Object.values(catalog),
    emits: Object.values(changes.catalog),
  },
  agents: {
    answers: Object.values(agents),
    asks: [catalog.getTool, credentials.getConnection],
    emits: Object.values(changes.agents),
    writes: [AGENT_SNAPSHOT_BUCKET, DEPLOYMENT_BUCKET],
  },
  calls: {
    answers: [...Object.values(calls), edge.startSession, edge.turn, edge.heard, edge.endSession],
    answersMisshapen: MISSHAPEN_EDGE_SUBJECTS,
    asks: [credentials.getEdge, ...of(runner, ['listInvocations', 'offerAgain', 'listUnavailable', 'countSettling'])],
    emits: Object.values(callEvents),
    writes: [SESSION_BUCKET],
    reads: [AGENT_SNAPSHOT_BUCKET, DEPLOYMENT_BUCKET],
  },
  runner: {
    answers: [...Object.values(runner), edge.invoke, edge.getInvocation, edge.cancelInvocation, edge.reportDirective],
    overhears: [edge.turn],
    peers: [RUNNER_PEERS, RUNNER_SPENT],
    asks: [...of(credentials, ['resolveConnection', 'reportUse', 'ensureChecked']), calls.listTurns],
    reads: [SESSION_BUCKET, AGENT_SNAPSHOT_BUCKET, CONNECTION_BUCKET],
    tellsEdges: Object.keys(CALL_EVENTS) as CallEventKind[],
  },
  workflows: {
    answers: Object.values(workflows),
    asks: of(credentials, ['createSigningSecret', 'resolveSigningSecrets']),
    emits: Object.values(changes.workflows),
    consumes: [callEvents.sessionEnded],
  },
  observability: {
    answers: Object.values(observability),
  },
} satisfies Record<string, ServiceAccess>;
export type ServiceName = keyof typeof SERVICE_ACCESS;
export const SERVICE_NAMES = Object.keys(SERVICE_ACCESS) as ServiceName[];

/** What a service's NATS user may do. */
export interface ServicePermissions {
  publish: string[];
  /** A queue group, where there is one, after a space: only as its member may the service listen there. */
  subscribe: string[];
  /** Whether it may answer at a reply subject that it was given; a service that answers only services has their inboxes in `publish`. */
  responds: boolean;
}

/** One answer for each request, within the time that the longest request may take (30 s) and a drain waits (35 s). */
export const RESPONSE_LIMITS = { max: 1, ttlMs: 40_000 };

/** `_INBOX_<service>`: the only place a service may be answered at. */
export function serviceInbox(service: string): string {
  return `_INBOX_${service}`;
}

/** `_INBOX_<edge>.gateway`: where the gateway is answered for an edge that speaks HTTP; inside the edge's own inbox, as its contract wants it. */
export function httpEdgeInbox(edgeId: string): string {
  return `${edgeInbox(edgeId)}.gateway`;
}

/** `*.gateway.*`: every such inbox. No other subject has `gateway` as its second part, so nothing else is heard with it. */
const HTTP_EDGE_INBOXES = '*.gateway.*';

/** The permissions of a service, made from its row. */
export function servicePermissions(service: ServiceName): ServicePermissions {
  const access: ServiceAccess = SERVICE_ACCESS[service];
  const { answers = [], asks = [], overhears = [], peers = [], emits = [], consumes = [], hears = [], writes = [], reads = [] } = access;
  const publish = [
    ...subjectsOf(asks),
    ...(access.speaksForEdges ? subjectsOf(Object.values(edge)) : []),
    ...peers,
    ...askersOf(service).map((asker) => `${serviceInbox(asker)}.>`),
    ...(access.tellsEdges ?? []).map((kind) => callEventSubject('*', '*', '*', kind)),
    ...eventsEmitted(service, subjectsOf(emits)),
    ...consumes.flatMap(({ subject }) => eventsConsumed(service, subject)),
    ...writes.flatMap(bucketWritten),
    ...reads.flatMap(bucketRead),
  ];
  const subscribe = [
    `${serviceInbox(service)}.>`,
    ...new Set([...subjectsOf(answers).map(ownOrEdge), ...(access.answersMisshapen ?? [])].map((subject) => `${subject} ${service}`)),
    ...subjectsOf([...overhears, ...hears]),
    ...peers,
    ...(access.speaksForEdges ? [HTTP_EDGE_INBOXES] : []),
  ];
  return { publish: [...new Set(publish)], subscribe, responds: answersEdges(access) };
}

/** Who may be sent an answer: the services that ask what this one answers. */
function askersOf(service: ServiceName): ServiceName[] {
  const { answers = [], peers = [] }: ServiceAccess = SERVICE_ACCESS[service];
  return SERVICE_NAMES.filter((asker) => {
    const { asks = [] }: ServiceAccess = SERVICE_ACCESS[asker];
    return asks.some((contract) => answers.includes(contract)) || (asker === service && peers.length > 0);
  });
}

/** A service answers all of its own subjects: one entry for them, because a login has to fit into a line. */
function ownOrEdge(subject: string): string {
  return subject.startsWith('edge.') ? subject : subject.replace(/[^.]+$/, '*');
}

function answersEdges({ answers = [] }: ServiceAccess): boolean {
  return answers.some((contract) => 'operation' in contract);
}

function subjectsOf(contracts: readonly { subject: string }[]): string[] {
  return contracts.map(({ subject }) => subject);
}

function of<G extends RpcGroup>(group: G, names: (keyof G)[]): Rpc[] {
  return names.map((name) => group[name] as Rpc);
}
