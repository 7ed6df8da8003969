// What a voice team writes by hand: one process that validates, calls the provider, and keeps its own evidence. Written
// as well as such a thing is written: keep-alive, a compiled schema, a pool, one insert. It imports nothing of Patchbay.
import { Ajv2020 } from 'ajv/dist/2020.js';
import Fastify from 'fastify';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { Agent } from 'undici';
import { answerOrders } from './answer-orders.ts';
import type { ProviderAddress } from './contenders/contender.ts';
import { ORDER_PARAMETERS, orderPath, type OrderArguments } from './contenders/order.ts';
import { EVIDENCE_COLUMNS } from './webhook-database.ts';

export interface WebhookOrder {
  kind: 'start';
  databaseUrl: string;
  provider: ProviderAddress;
}

interface ToolCall {
  sessionId: string;
  turnId: string;
  toolCallId: string;
  arguments: OrderArguments;
}

interface ProviderReply {
  url: string;
  status: number;
  body: string;
  timings: { firstByte: number; total: number };
}

const PROVIDER_TIMEOUT_MS = 8_000;
const PREVIEW_CHARACTERS = 4_096;
const INSERT = `insert into evidence (${EVIDENCE_COLUMNS.join(', ')})
  values (${EVIDENCE_COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})`;

async function start({ databaseUrl, provider }: WebhookOrder): Promise<string> {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile<OrderArguments>(ORDER_PARAMETERS);
  const agent = new Agent({
    keepAliveTimeout: 60_000,
    headersTimeout: PROVIDER_TIMEOUT_MS,
    bodyTimeout: PROVIDER_TIMEOUT_MS,
  });
  // As large as the pool of a Patchbay service.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const app = Fastify({ logger: false, keepAliveTimeout: 600_000 });
  type Request = { Body: ToolCall; Headers: { traceparent?: string } };
  for (const way of ['', '/slow'])
    app.post<Request>(`${way}/tools/check_order`, async ({ body: call, headers }, reply) => {
      if (!validate(call.arguments)) return reply.code(400).send({ status: 'rejected', problems: validate.errors });
      const receivedAt = new Date();
      const answer = await askProvider(agent, { ...provider, url: provider.url + way }, call.arguments);
      const succeeded = answer.status === 200;
      const outcome = {
        invocationId: randomUUID(),
        status: succeeded ? 'succeeded' : 'failed',
        result: succeeded ? (JSON.parse(answer.body) as unknown) : undefined,
        attempts: 1,
        durationMs: answer.timings.total,
      };
      await pool.query(INSERT, evidenceOf({ call, outcome, answer, receivedAt, traceparent: headers.traceparent }));
      return outcome;
    });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

async function askProvider(agent: Agent, provider: ProviderAddress, order: OrderArguments): Promise<ProviderReply> {
  const startedAt = performance.now();
  const { origin, pathname, search } = new URL(provider.url + orderPath(order));
  const response = await agent.request({
    origin,
    path: pathname + search,
    method: 'GET',
    headers: { authorization: `Bearer ${provider.secret}`, accept: 'application/json' },
  });
  const firstByte = performance.now() - startedAt;
  const body = await response.body.text();
  const timings = { firstByte, total: performance.now() - startedAt };
  return { url: origin + pathname, status: response.statusCode, body, timings };
}

interface Answered {
  call: ToolCall;
  outcome: { invocationId: string; status: string; result: unknown };
  answer: ProviderReply;
  receivedAt: Date;
  traceparent: string | undefined;
}

/** In the order of EVIDENCE_COLUMNS. */
function evidenceOf({ call, outcome, answer, receivedAt, traceparent }: Answered): unknown[] {
  const { invocationId, status, result } = outcome;
  const attempt = {
    attempt: 1,
    startedAt: receivedAt,
    method: 'GET',
    url: answer.url,
    requestBytes: 0,
    requestPreview: null,
    status: answer.status,
    responseBytes: Buffer.byteLength(answer.body),
    responsePreview: answer.body.slice(0, PREVIEW_CHARACTERS),
    errorCode: null,
    timings: answer.timings,
  };
  const traceId = traceparent?.split('-')[1] ?? '';
  const facts = [invocationId, call.sessionId, call.turnId, call.toolCallId, 'check_order', call.arguments];
  return [...facts, status, { status, result }, traceId, receivedAt, answer.timings.total, attempt];
}

answerOrders(start);
