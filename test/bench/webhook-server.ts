// What a voice team writes by hand: one process that validates, calls the provider, and keeps its own evidence. Written
// as well as such a thing is written: keep-alive, a compiled schema, a pool, one insert. It imports nothing of Patchbay.
import { Ajv2020 } from 'ajv/dist/2020.js';
import Fastify, { type FastifyReply } from 'fastify';
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

const PROVIDER_TIMEOUT_MS = 8_000;
const PREVIEW_CHARACTERS = 4_096;
const INSERT = `insert into evidence (${EVIDENCE_COLUMNS.join(', ')})
  values (${EVIDENCE_COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})`;

async function start({ databaseUrl, provider }: WebhookOrder): Promise<string> {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile<OrderArguments>(ORDER_PARAMETERS);
  const timeouts = { headersTimeout: PROVIDER_TIMEOUT_MS, bodyTimeout: PROVIDER_TIMEOUT_MS };
  const agent = new Agent({ keepAliveTimeout: 60_000, ...timeouts });
  // As large as the pool of a Patchbay service.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const app = Fastify({ logger: false, keepAliveTimeout: 600_000 });

  app.post<{ Body: ToolCall; Headers: { traceparent?: string } }>('/tools/check_order', async (request, reply) => {
    const call = request.body;
    if (!validate(call.arguments)) return refuse(reply, { status: 'rejected', problems: validate.errors });
    const receivedAt = new Date();
    const startedAt = performance.now();
    const url = provider.url + orderPath(call.arguments);
    const { origin, pathname, search } = new URL(url);
    const response = await agent.request({
      origin,
      path: pathname + search,
      method: 'GET',
      headers: { authorization: `Bearer ${provider.secret}`, accept: 'application/json' },
    });
    const firstByteMs = performance.now() - startedAt;
    const body = await response.body.text();
    const totalMs = performance.now() - startedAt;
    const succeeded = response.statusCode === 200;
    const outcome = {
      invocationId: randomUUID(),
      status: succeeded ? 'succeeded' : 'failed',
      result: succeeded ? (JSON.parse(body) as unknown) : undefined,
      attempts: 1,
      durationMs: totalMs,
    };
    const attempt = {
      attempt: 1,
      startedAt: receivedAt,
      method: 'GET',
      url: origin + pathname,
      requestBytes: 0,
      requestPreview: null,
      status: response.statusCode,
      responseBytes: Buffer.byteLength(body),
      responsePreview: body.slice(0, PREVIEW_CHARACTERS),
      errorCode: null,
      timings: { firstByte: firstByteMs, total: totalMs },
    };
    await pool.query(INSERT, [
      outcome.invocationId,
      call.sessionId,
      call.turnId,
      call.toolCallId,
      'check_order',
      call.arguments,
      outcome.status,
      { status: outcome.status, result: outcome.result },
      request.headers.traceparent?.split('-')[1] ?? '',
      receivedAt,
      totalMs,
      attempt,
    ]);
    return outcome;
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

function refuse(reply: FastifyReply, problem: unknown): FastifyReply {
  return reply.code(400).send(problem);
}

answerOrders(start);
