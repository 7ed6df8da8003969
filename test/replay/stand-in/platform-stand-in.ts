import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { nkeys } from '@nats-io/transport-node';
import { startNatsStandIn } from './nats-stand-in.ts';
import type { NatsStandIn, StandInReply, StandInRequest } from './nats-stand-in.ts';
import { SpanStore } from './span-store.ts';
import type { SpanContext } from './span-store.ts';

type Body = Record<string, unknown>;
interface Tool {
  name: string;
  http: { method: string; url: string };
}
interface Session {
  state: string;
  entries: Body[];
  /** Writes that were read back, by function and arguments. */
  asked: Set<string>;
}

/** Where the stand-in departs from what the contract promises; each is asked once per chance. */
export interface Script {
  /** Answers instead of handling the request. */
  instead?: (operation: string, body: Body) => StandInReply | null;
  /** Turns the arguments into what is sent to the provider. */
  place?: (sent: Body) => Body;
  /** False: the provider is not asked, although the outcome says so. */
  sends?: (body: Body) => boolean;
  /** What the caller of a write that needs a yes has said; agreement unless given. */
  agrees?: (words: string) => boolean;
  /** False: the entry is left out of the timeline. */
  records?: (kind: 'turn' | 'invocation', body: Body) => boolean;
  /** False: the span is not stored. */
  stores?: (name: string) => boolean;
}

const MEMBER_KEY = 'member';

/** A platform in one process that does what the player can see: REST, the edge contract, spans. */
export class PlatformStandIn {
  readonly operatorKey = randomBytes(8).toString('hex');
  readonly requests: StandInRequest[] = [];
  url = '';
  readonly #script: Script;
  readonly #spans: SpanStore;
  readonly #tools = new Map<string, Tool>();
  readonly #confirmed = new Set<string>();
  readonly #sessions = new Map<string, Session>();
  #secret = '';
  #nats: NatsStandIn | null = null;
  #server: Server | null = null;

  private constructor(script: Script) {
    this.#script = script;
    this.#spans = new SpanStore((name) => script.stores?.(name) ?? true);
  }

  static async start(script: Script = {}): Promise<PlatformStandIn> {
    const platform = new PlatformStandIn(script);
    await platform.#listen();
    return platform;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()));
    await this.#nats?.close();
  }

  async #listen(): Promise<void> {
    this.#nats = await startNatsStandIn((request) => this.#answerEdge(request));
    const server = createServer((request, response) => void this.#serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async #answerEdge(request: StandInRequest): Promise<StandInReply> {
    this.requests.push(request);
    const operation = request.subject.split('.').slice(4).join('.');
    const body = request.body as Body;
    const departure = this.#script.instead?.(operation, body);
    if (departure) return departure;
    const span = this.#spans.process(operation, request.headers.get('traceparent') ?? '');
    return { value: await this.#carryOut(operation, body, span) };
  }

  async #carryOut(operation: string, body: Body, span: SpanContext): Promise<unknown> {
    if (operation === 'session.start') return this.#startSession(body);
    const session = this.#sessions.get(String(body.sessionId));
    if (!session) throw new Error(`the player speaks of session ${String(body.sessionId)}, which was never started`);
    if (operation === 'invoke') return this.#invoke(body, session, span);
    if (operation === 'heard') return {};
    if (operation === 'turn') {
      this.#record('turn', session, body);
      return { turnId: body.turnId, unbackedClaims: [] };
    }
    session.state = 'ended';
    return { settling: 0 };
  }

  #startSession(body: Body): unknown {
    const sessionId = `ses_${this.#sessions.size + 1}`;
    this.#sessions.set(sessionId, { state: 'live', entries: [], asked: new Set() });
    return { sessionId, agentId: body.agent, agentVersion: 'ver_1', functions: [] };
  }

  async #invoke(body: Body, session: Session, span: SpanContext): Promise<unknown> {
    const invocationId = `inv_${randomBytes(6).toString('hex')}`;
    const refusal = this.#confirmed.has(String(body.function)) ? this.#askConsent(body, session) : null;
    if (refusal) {
      this.#spans.execute(span, String(body.function));
      this.#record('invocation', session, { ...body, invocationId, attempts: [], ...refusal });
      return { invocationId, replayed: false, attempts: 0, durationMs: 1, traceId: span.traceId, ...refusal };
    }
    const sends = this.#script.sends?.(body) ?? true;
    const { ok, result } = sends ? await this.#askProvider(body) : { ok: true, result: null };
    this.#spans.attempt(span, String(body.function));
    const status = ok ? 'succeeded' : 'failed';
    this.#record('invocation', session, { ...body, invocationId, status, attempts: [{}] });
    const refused = { error: { code: 'provider_rejected', message: 'The provider refused.' } };
    const common = { invocationId, status, replayed: false, attempts: 1, durationMs: 1, traceId: span.traceId };
    return { ...common, ...(ok ? { result } : refused) };
  }

  #askConsent(body: Body, session: Session): Body | null {
    const key = JSON.stringify([body.function, body.arguments]);
    const confirmation = { readBack: `Shall I do it with ${JSON.stringify(body.arguments)}?`, expiresAt: 'soon' };
    if (!session.asked.has(key)) {
      session.asked.add(key);
      return { status: 'needs_confirmation', confirmation, decisions: [{ step: 'consent', decision: 'asked' }] };
    }
    const said = session.entries.findLast(({ kind, role }) => kind === 'turn' && role === 'caller');
    const words = String(said?.text);
    if (this.#script.agrees?.(words) ?? true) return null;
    const decisions = [{ step: 'consent', decision: 'negate', why: 'the script says no' }];
    return { status: 'rejected', error: { code: 'consent_refused', message: 'Not now.' }, decisions, consent: { words } };
  }

  #record(kind: 'turn' | 'invocation', session: Session, body: Body): void {
    if (this.#script.records?.(kind, body) ?? true) session.entries.push({ ...body, kind });
  }

  async #askProvider(body: Body): Promise<{ ok: boolean; result: unknown }> {
    const tool = [...this.#tools.values()].find(({ name }) => name === body.function);
    if (!tool) return { ok: false, result: null };
    const recorded = body.arguments as Body;
    const sent = this.#script.place?.(recorded) ?? recorded;
    const { method, url } = tool.http;
    const headers = { authorization: `Bearer ${this.#secret}`, 'content-type': 'application/json' };
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(sent)) query.append(name, String(value));
    const response =
      method === 'GET'
        ? await fetch(`${url}?${query}`, { headers })
        : await fetch(url, { method, headers, body: JSON.stringify(sent) });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
    return { ok: response.ok, result: isJson ? JSON.parse(text) : text || null };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const body = method === 'POST' ? ((await json(request)) as Body) : {};
    const allowed = url === '/v1/organizations' ? this.operatorKey : MEMBER_KEY;
    const refused = headers.authorization !== `Bearer ${allowed}`;
    response.writeHead(refused ? 403 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(refused ? { code: 'forbidden', message: 'not with this key' } : this.#rest(url, body)));
  }

  #rest(path: string, body: Body): unknown {
    const [, , noun = '', id = '', part = ''] = path.split('/');
    if (path === '/otlp/v1/traces') return this.#spans.add(body);
    if (part === 'timeline') return { session: this.#sessions.get(id), entries: this.#sessions.get(id)?.entries };
    if (part === 'spans') return { spans: this.#spans.ofSession(id) };
    if (noun === 'organizations') return { organizationId: 'org_1', apiKey: MEMBER_KEY };
    if (noun === 'edges') return { edgeId: 'edge_1', natsUrl: this.#nats?.url, credentials: credentialsFile() };
    if (noun === 'connections') this.#secret = String(body.secret);
    if (part === 'versions') this.#readFunctions(body);
    if (noun === 'tools') this.#tools.set(`tool_${this.#tools.size + 1}`, body as unknown as Tool);
    return { connectionId: 'conn_1', toolId: `tool_${this.#tools.size}`, agentId: 'agt_1', versionId: 'ver_1' };
  }

  #readFunctions({ functions }: Body): void {
    for (const { name, confirmation } of (functions ?? []) as { name: string; confirmation: { required: boolean } }[])
      if (confirmation.required) this.#confirmed.add(name);
  }
}

function credentialsFile(): string {
  const seed = new TextDecoder().decode(nkeys.createUser().getSeed());
  return [
    '-----BEGIN NATS USER JWT-----\nnot.checked.here\n------END NATS USER JWT------\n',
    `-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
  ].join('\n');
}
