import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { call, edgeId, invoke, organizationId, outcome, started, utterance } from '../testing/messages.ts';
import { ScriptedPlatform } from '../testing/scripted-platform.ts';
import { connectEdge } from './connect-edge.ts';
import type { Edge } from './edge.ts';

let server: TestNats;
let platform: ScriptedPlatform;
let edge: Edge;

beforeAll(async () => {
  server = await startNats();
  platform = await ScriptedPlatform.connect(server.url);
  await platform.answer('session.start', () => ({ body: started }));
  await platform.answer('turn', ({ body }) => ({ body: { turnId: body['turnId'], unbackedClaims: [] } }));
  await platform.answer('invoke', () => ({ body: outcome }));
  edge = await connectEdge({ natsUrl: server.url, organizationId, edgeId });
});

afterAll(async () => {
  await edge.close();
  await platform.stop();
  await server.stop();
});

describe('a host without an OpenTelemetry SDK', () => {
  it('works, and sends no trace', async () => {
    const session = await edge.startSession(call);
    const { turnId } = await session.turn(utterance(0, 'Where is my order?'));

    expect(await session.invoke({ ...invoke, turnId })).toEqual(outcome);
    for (const { headers } of platform.received) expect(Object.keys(headers)).toEqual(['patchbay-deadline-ms']);
  });

  it('forwards the trace that is active', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const session = await edge.startSession(call);
    const active = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
    });
    platform.received.length = 0;

    const { turnId } = await context.with(active, () => session.turn(utterance(0, 'Where is my order?')));
    await session.invoke({ ...invoke, turnId });
    context.disable();

    expect(platform.received.map(({ headers }) => headers['traceparent'])).toEqual(
      Array.from({ length: 2 }, () => '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
    );
  });
});
