import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createInbox } from '@nats-io/transport-node';
import { edgeSubject } from '@patchbay/contracts/edge';
import { runner } from '@patchbay/contracts/runner';
import { clientFor } from '@patchbay/service-kit/messaging/client';
import { RunningRunner } from '../testing/running-runner.ts';
import { RunningInvocations } from './outside/running-invocations.ts';

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start();
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.received.length = 0;
  running.provider.otherwise(() => ({ body: { ok: true } }));
  running.sessionId = await running.startSession('live');
});

describe('what is refused before anything is sent', () => {
  it('names every wrong argument', async () => {
    const outcome = await running.invoke('check_order', { count: 'many', colour: 'red' });

    expect(outcome).toMatchObject({ status: 'rejected', error: { code: 'invalid_arguments' }, attempts: 0 });
    expect(outcome.error?.fields?.map(({ path }) => path).sort()).toEqual(['colour', 'count', 'orderId']);
    expect(running.provider.received).toEqual([]);
  });

  it('names the argument that would leave its place in the path', async () => {
    expect(await running.invoke('check_order', { orderId: '..' })).toMatchObject({
      status: 'rejected',
      error: { code: 'invalid_arguments', fields: [{ path: 'orderId' }] },
    });
  });

  it('lists the functions there are when the name is unknown', async () => {
    const outcome = await running.invoke('cancel_order', {});

    expect(outcome).toMatchObject({ status: 'rejected', error: { code: 'unknown_function', fields: [{ path: 'function' }] } });
    expect(outcome.error?.fields?.[0]?.problem).toContain('check_order');
  });

  it('says that the session has ended', async () => {
    const ended = await running.startSession('ended');

    expect(await running.invoke('check_order', { orderId: '1' }, { sessionId: ended })).toMatchObject({
      status: 'rejected',
      error: { code: 'session_ended', fields: [{ path: 'sessionId' }] },
    });
  });

  it('says that the account is not connected', async () => {
    expect(await running.invoke('unconnected', { orderId: '1' })).toMatchObject({ status: 'rejected', error: { code: 'connection_missing' } });
  });

  it('does not call an address inside the network', async () => {
    expect(await running.invoke('elsewhere', { orderId: '1' })).toMatchObject({ status: 'rejected', error: { code: 'egress_blocked' } });
  });
});

describe('a request that gets no outcome', () => {
  it('is answered session_not_found for a session of another edge', async () => {
    const other = await running.startSession('live', 'edge_other');

    expect(await running.invoke('check_order', { orderId: '1' }, { sessionId: other })).toMatchObject({
      errorCode: 404,
      errorWord: 'session_not_found',
      details: { fields: [{ path: 'sessionId' }] },
    });
  });

  it('is answered with the standard error headers when the body is not JSON', async () => {
    expect(await running.ask('invoke', '{"sessionId":')).toMatchObject({ errorCode: 400, errorWord: 'invalid_arguments', code: 'invalid_arguments' });
  });

  it('names the fields that are missing', async () => {
    const reply = await running.ask<{ details: { fields: { path: string }[] } }>('invoke', { sessionId: running.sessionId });

    expect(reply.details.fields.map(({ path }) => path)).toEqual(['turnId', 'toolCallId', 'function', 'arguments']);
  });

  it('is answered payload_too_large above 256 KiB, up to the 2 MB a client may try', async () => {
    const body = { sessionId: running.sessionId, turnId: 't', toolCallId: 'c', function: 'check_order', arguments: { orderId: 'x'.repeat(2_000_000) } };

    expect(await running.ask('invoke', body)).toMatchObject({ errorCode: 413, errorWord: 'payload_too_large' });
  });

  it('is never answered at the inbox of another edge', async () => {
    const victim = running.nats.subscribe('_INBOX_edge_victim.>', { max: 1 });
    const call = { sessionId: running.sessionId, turnId: 't', toolCallId: 'c', function: 'check_order', arguments: { orderId: '1' } };
    running.nats.publish(edgeSubject(running.organizationId, running.edgeId, 'invoke'), JSON.stringify(call), { reply: createInbox('_INBOX_edge_victim') });
    await running.invoke('check_order', { orderId: '2' });

    expect(victim.getReceived()).toBe(0);
    expect(running.provider.received).toHaveLength(1);
    victim.unsubscribe();
  });
});

describe('invocation.cancel', () => {
  it('gives up a read under way', async () => {
    running.provider.script({ delayMs: 60_000 });
    const asked = running.invoke('check_order', { orderId: '1' }, { deadlineMs: 20_000 });
    while (running.provider.received.length === 0) await running.nats.flush();
    const settling = await clientFor(running.nats, runner).countSettling({ organizationId: running.organizationId, sessionId: running.sessionId });
    // The edge learns the id from the outcome; another runner instance or the timeline may know it earlier.
    const started = [...running.service.app.get(RunningInvocations).ids()].at(-1);

    const cancelled = await running.ask('invocation.cancel', { invocationId: started, reason: 'barge-in' });

    expect(settling).toEqual({ settling: 1 });
    expect(cancelled).toMatchObject({ invocationId: started, status: 'cancelled' });
    expect(await asked).toMatchObject({ invocationId: started, status: 'cancelled', error: { code: 'cancelled' } });
  });

  it('is refused for an invocation of another edge', async () => {
    const { invocationId } = await running.invoke('book', { orderId: '7' });

    running.nats.subscribe('_INBOX_edge_two.>', { max: 1, callback: () => undefined });
    const foreign = await running.nats.request(edgeSubject(running.organizationId, 'edge_two', 'invocation.get'), JSON.stringify({ invocationId }), {
      timeout: 5_000,
      noMux: true,
      reply: createInbox('_INBOX_edge_two'),
    });

    expect(foreign.json()).toMatchObject({ code: 'not_found', details: { fields: [{ path: 'invocationId' }] } });
  });
});
