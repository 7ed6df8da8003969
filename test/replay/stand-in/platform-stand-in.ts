import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { nkeys } from '@nats-io/transport-node';
import { startNatsStandIn } from './nats-stand-in.ts';
import type { StandInReply, StandInRequest } from './nats-stand-in.ts';
import { SpanStore } from './span-store.ts';

type Body = Record<string, unknown>;
interface Tool {
  name: string;
  http: { method: string; url: string };
}

/** Where the stand-in departs from what the contract promises; each is asked once per chance. */
export interface Script {
  /** Answers instead of handling the request. */
  instead?: (operation: string, body: Body) => StandInReply | null;
  /** Turns the arguments into what is sent to the provider. */
  place?: (sent: Body) => Body;
  /** False: the provider is not asked, although the outcome says so. */
  sends?: (body: Body) => boolean;
  /** False: the entry is left out of the timeline. */
  records?: (kind: 'turn' | 'invocation', body: Body) => boolean;
  /** False: the span is not stored. */
  stores?: (name: string) => boolean;
}

export interface PlatformStandIn {
  url: string;
  operatorKey: string;
  requests: StandInRequest[];
  close(): Promise<void>;
}

/** A platform in one process that does what the player can see: REST, the edge contract, spans. */
export async function startPlatformStandIn(script: Script = {}): Promise<PlatformStandIn> {
  const operatorKey = randomBytes(8).toString('hex');
  const requests: StandInRequest[] = [];
  const spans = new SpanStore((name) => script.stores?.(name) ?? true);
  const tools = new Map<string, Tool>();
  const sessions = new Map<string, { state: string; entries: Body[] }>();
  const secrets: string[] = [];
  const nats = await startNatsStandIn(async (request) => {
    requests.push(request);
    const operation = request.subject.split('.').slice(4).join('.');
    const body = request.body as Body;
    const departure = script.instead?.(operation, body);
    if (departure) return departure;
    const span = spans.process(operation, request.headers.get('traceparent') ?? '');
    return { value: await carryOut(operation, body, span) };
  });

  async function carryOut(operation: string, body: Body, span: { traceId: string; spanId: string }): Promise<unknown> {
    const session = sessions.get(String(body.sessionId));
    switch (operation) {
      case 'session.start': {
        const sessionId = `ses_${sessions.size + 1}`;
        sessions.set(sessionId, { state: 'live', entries: [] });
        return { sessionId, agentId: body.agent, agentVersion: 'ver_1', functions: [] };
      }
      case 'turn':
        if (script.records?.('turn', body) ?? true) session?.entries.push({ ...body, kind: 'turn' });
        return { turnId: body.turnId, unbackedClaims: [] };
      case 'invoke':
        return invoke(body, span);
      case 'session.end':
        if (session) session.state = 'ended';
        return { settling: 0 };
      default:
        return {};
    }
  }

  async function invoke(body: Body, span: { traceId: string; spanId: string }): Promise<unknown> {
    const session = sessions.get(String(body.sessionId));
    const invocationId = `inv_${randomBytes(6).toString('hex')}`;
    const ok = (script.sends?.(body) ?? true) ? await askProvider(body) : true;
    spans.attempt(span, String(body.function));
    const status = ok ? 'succeeded' : 'failed';
    const error = ok ? {} : { error: { code: 'provider_rejected', message: 'The provider refused.' } };
    const entry = { ...body, kind: 'invocation', invocationId, status, attempts: [{}] };
    if (script.records?.('invocation', body) ?? true) session?.entries.push(entry);
    return { invocationId, status, replayed: false, attempts: 1, durationMs: 1, traceId: span.traceId, ...error };
  }

  async function askProvider(body: Body): Promise<boolean> {
    const tool = [...tools.values()].find(({ name }) => name === body.function);
    if (!tool) return false;
    const sent = script.place?.(body.arguments as Body) ?? (body.arguments as Body);
    const { method, url } = tool.http;
    const headers = { authorization: `Bearer ${secrets[0] ?? ''}`, 'content-type': 'application/json' };
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(sent)) query.append(name, String(value));
    const response = method === 'GET' ? await fetch(`${url}?${query}`, { headers }) : await fetch(url, { method, headers, body: JSON.stringify(sent) });
    await response.text();
    return response.ok;
  }

  function rest(method: string, path: string, body: Body): unknown {
    const [, , noun = '', id = '', part = ''] = path.split('/');
    if (noun === 'v1' && id === 'traces') return spans.add(body);
    if (noun === 'sessions' && part === 'timeline') return { session: { state: sessions.get(id)?.state }, entries: sessions.get(id)?.entries };
    if (noun === 'sessions' && part === 'spans') return { spans: spans.ofSession(id) };
    if (method === 'POST' && noun === 'organizations') return { organizationId: 'org_1', apiKey: 'member' };
    if (noun === 'edges') return { edgeId: 'edge_1', natsUrl: nats.url, credentials: credentialsFile() };
    if (noun === 'connections') {
      secrets.push(String(body.secret));
      return { connectionId: 'conn_1' };
    }
    if (noun === 'tools') {
      const toolId = `tool_${tools.size + 1}`;
      tools.set(toolId, body as unknown as Tool);
      return { toolId };
    }
    return { agentId: 'agt_1', versionId: 'ver_1' };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const body = method === 'POST' ? ((await json(request)) as Body) : {};
    const allowed = url === '/v1/organizations' ? operatorKey : 'member';
    const refused = headers.authorization !== `Bearer ${allowed}`;
    response.writeHead(refused ? 403 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(refused ? { code: 'forbidden', message: 'not with this key' } : rest(method, url, body)));
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operatorKey,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await nats.close();
    },
  };
}

function credentialsFile(): string {
  const seed = new TextDecoder().decode(nkeys.createUser().getSeed());
  return [
    '-----BEGIN NATS USER JWT-----\nnot.checked.here\n------END NATS USER JWT------\n',
    `-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
  ].join('\n');
}
