import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { call, edgeId, invoke, organizationId, outcome, started, utterance } from '../testing/messages.ts';
import { refusal, ScriptedPlatform, type Script } from '../testing/scripted-platform.ts';
import { connectEdge } from './connect-edge.ts';
import type { Edge } from './edge.ts';
import type { Session } from './session.ts';

const exporter = new InMemorySpanExporter();
let server: TestNats;
let platform: ScriptedPlatform;
let edge: Edge;
let session: Session;
let onInvoke: Script;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  server = await startNats();
  platform = await ScriptedPlatform.connect(server.url);
  await platform.answer('session.start', () => ({ body: started }));
  await platform.answer('turn', ({ body }) => ({ body: { turnId: body['turnId'], unbackedClaims: [] } }));
  await platform.answer('invoke', (request) => onInvoke(request));
  await platform.answer('heard', () => ({ body: {} }));
  await platform.answer('session.end', () => ({ body: { settling: 0 } }));
  edge = await connectEdge({ natsUrl: server.url, organizationId, edgeId });
});

beforeEach(async () => {
  onInvoke = () => ({ body: outcome });
  session = await edge.startSession(call);
  platform.received.length = 0;
  exporter.reset();
});

afterAll(async () => {
  await edge.close();
  await platform.stop();
  await server.stop();
  trace.disable();
  context.disable();
});

const spans = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);
const span = (name: string): ReadableSpan => {
  const [found] = spans(name);
  if (!found)
    throw new Error(
      `no span ${name} among ${exporter
        .getFinishedSpans()
        .map((one) => one.name)
        .join(', ')}`,
    );
  return found;
};
const traceparentOf = (one: ReadableSpan) => `00-${one.spanContext().traceId}-${one.spanContext().spanId}-01`;
const SEND_TURN = 'send edge.v1.{org}.{edge}.turn';
const SEND_INVOKE = 'send edge.v1.{org}.{edge}.invoke';

describe('the trace of a turn', () => {
  it('leads from the turn over each request to the platform', async () => {
    const { turnId } = await session.turn(utterance(0, 'Where is my order?'));
    await session.invoke({ ...invoke, turnId });
    await session.end({ reason: 'done' });

    const root = span('turn').spanContext();
    for (const name of [SEND_TURN, SEND_INVOKE]) {
      expect(span(name)).toMatchObject({ kind: SpanKind.PRODUCER, parentSpanContext: { spanId: root.spanId } });
      expect(span(name).spanContext().traceId).toBe(root.traceId);
    }
    expect(platform.received.slice(0, 2).map(({ headers }) => headers['traceparent'])).toEqual(
      [SEND_TURN, SEND_INVOKE].map((name) => traceparentOf(span(name))),
    );
  });

  it('is one for each turn', async () => {
    await session.turn(utterance(0, 'Hello?'));
    await session.turn(utterance(1, 'Hello!', 'agent'));
    await session.turn(utterance(2, 'Where is my order?'));
    await session.end({ reason: 'done' });

    expect(new Set(spans('turn').map((one) => one.spanContext().traceId)).size).toBe(3);
  });

  it('has what is invoked before the turn is acknowledged', async () => {
    const reported = session.turn({ ...utterance(0, 'Where is my order?'), turnId: 'trn_1' });
    await session.invoke({ ...invoke, turnId: 'trn_1' });
    await reported;
    await session.end({ reason: 'done' });

    expect(span(SEND_INVOKE).parentSpanContext?.spanId).toBe(span('turn').spanContext().spanId);
  });

  it('names the call, and carries nothing that was said', async () => {
    await session.turn({ ...utterance(0, 'My number is 555'), turnId: 'trn_1', interrupted: true });
    await session.end({ reason: 'done' });

    expect(span('turn').attributes).toEqual({
      'app.org.id': organizationId,
      'voice.edge.id': edgeId,
      'gen_ai.conversation.id': started.sessionId,
      'session.id': started.sessionId,
      'gen_ai.agent.id': 'agt_1',
      'gen_ai.agent.version': 'ver_1',
      'voice.turn.id': 'trn_1',
      'voice.turn.index': 0,
      'voice.turn.was_interrupted': true,
    });
    expect(span(SEND_TURN).attributes).toMatchObject({
      'messaging.system': 'nats',
      'messaging.operation.type': 'send',
      'messaging.destination.template': 'edge.v1.{org}.{edge}.turn',
      'voice.turn.id': 'trn_1',
    });
  });

  it('begins when the utterance began and ends with what was asked for it last', async () => {
    const { startedAt, endedAt } = utterance(0, '');
    await session.turn({ ...utterance(0, 'Where is my order?'), turnId: 'trn_1' });
    await session.invoke({ ...invoke, turnId: 'trn_1' });
    expect(spans('turn')).toHaveLength(0);

    await session.turn(utterance(2, 'And the other one?'));

    const [seconds, nanos] = span('turn').startTime;
    expect(seconds * 1000 + nanos / 1e6).toBe(startedAt.getTime());
    expect(span('turn').endTime[0] * 1000).toBeGreaterThan(endedAt.getTime());
    await session.end({ reason: 'done' });
  });

  it('stays open for an invocation that outlasts the turn', async () => {
    let answer: () => void = () => undefined;
    onInvoke = ({ replySubject }) => {
      answer = () => platform.nats.publish(replySubject, JSON.stringify(outcome));
      return undefined;
    };
    await session.turn({ ...utterance(0, 'Where is my order?'), turnId: 'trn_1' });
    const underWay = session.invoke({ ...invoke, turnId: 'trn_1' });
    await platform.next();

    await session.turn(utterance(2, 'Are you there?'));
    expect(spans('turn')).toHaveLength(0);
    answer();
    await underWay;

    expect(span('turn').attributes['voice.turn.id']).toBe('trn_1');
    await session.end({ reason: 'done' });
  });

  it('is a part of the host’s own trace where there is one', async () => {
    await trace.getTracer('host').startActiveSpan('agent_session', async (host) => {
      await session.turn(utterance(0, 'Hello?'));
      await session.end({ reason: 'done' });
      host.end();
    });

    expect(span('turn').parentSpanContext?.spanId).toBe(span('agent_session').spanContext().spanId);
    expect(span('send edge.v1.{org}.{edge}.session.end').parentSpanContext?.spanId).toBe(
      span('agent_session').spanContext().spanId,
    );
  });
});

describe('what else travels', () => {
  it('is the host’s trace state, and never its baggage', async () => {
    const remote = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      traceState: { serialize: () => 'vendor=1' },
    };
    const active = propagation.setBaggage(
      trace.setSpanContext(context.active(), remote as never),
      propagation.createBaggage({ caller: { value: '+1555' } }),
    );

    await context.with(active, () => session.turn(utterance(0, 'Hello?')));

    expect(platform.received[0]?.headers).toMatchObject({
      tracestate: 'vendor=1',
      traceparent: expect.stringContaining(remote.traceId),
    });
    expect(platform.received[0]?.headers).not.toHaveProperty('baggage');
    await session.end({ reason: 'done' });
  });
});

describe('a request that fails', () => {
  it('says why on its span', async () => {
    onInvoke = () => refusal(404, 'session_not_found');

    await expect(session.invoke(invoke)).rejects.toMatchObject({ code: 'session_not_found' });

    expect(span(SEND_INVOKE)).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'session_not_found' },
    });
  });
});

describe('an edge that closes', () => {
  it('ends the spans of turns that were open', async () => {
    const leaving = await connectEdge({ natsUrl: server.url, organizationId, edgeId });
    const left = await leaving.startSession(call);
    await left.turn({ ...utterance(0, 'Hello?'), turnId: 'trn_left' });

    await leaving.close();

    expect(span('turn').attributes['voice.turn.id']).toBe('trn_left');
  });
});
