import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@patchbay/service-kit/identity/new-id';
import {
  namesOf,
  newTrace,
  resourceSpans,
  runObservability,
  text,
  type RunningObservability,
} from '../testing/running-observability.ts';

let running: RunningObservability;
beforeAll(async () => {
  running = await runObservability();
});
afterAll(() => running?.stop());

describe('ingest spans', () => {
  it("stores them as the organization's own, whatever they say", async () => {
    const organizationId = newId('organization');
    const victim = newId('organization');
    const traceId = newTrace();
    const attributes = [text('app.org.id', victim)];

    const reply = await running.client.ingestSpans({
      organizationId,
      resourceSpans: resourceSpans({ traceId, name: 'turn', attributes }),
    });

    expect(reply).toEqual({ accepted: 1, rejected: 0 });
    const { spans } = await running.client.listSpans({ organizationId, traceId });
    expect(spans).toMatchObject([{ name: 'turn', attributes: { 'app.org.id': organizationId } }]);
    expect(await running.client.listSpans({ organizationId: victim, traceId })).toEqual({ spans: [] });
  });

  it('counts what is no span', async () => {
    const reply = await running.client.ingestSpans({
      organizationId: newId('organization'),
      resourceSpans: [{ scopeSpans: [{ spans: [null, { traceId: 1 }] }] }, 'nothing'],
    });

    expect(reply).toEqual({ accepted: 0, rejected: 2 });
  });

  it('names a field that does not match the contract', async () => {
    await expect(running.client.ingestSpans({ organizationId: 'platform', resourceSpans: [] })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'organizationId', problem: expect.any(String) }] },
    });
  });
});

describe('list spans', () => {
  it("answers, by start, all of the organization's spans in the traces of a session", async () => {
    const organizationId = newId('organization');
    const [firstTurn, secondTurn, elsewhere] = [newTrace(), newTrace(), newTrace()];
    const own = text('app.org.id', organizationId);
    const session = text('gen_ai.conversation.id', 'ses_1');
    const startMs = Date.now();
    await running.send(
      { traceId: secondTurn, name: 'second turn', attributes: [own, session], startMs: startMs + 20 },
      { traceId: firstTurn, name: 'process', attributes: [own], startMs: startMs + 10 },
    );
    await running.send(
      { traceId: firstTurn, name: 'first turn', attributes: [own, session], startMs },
      { traceId: firstTurn, name: 'send credentials', startMs: startMs + 5 },
    );
    await running.send(
      {
        traceId: elsewhere,
        name: 'another session',
        attributes: [own, text('gen_ai.conversation.id', 'ses_2')],
        startMs,
      },
      {
        traceId: firstTurn,
        name: 'another organization',
        attributes: [text('app.org.id', newId('organization')), session],
        startMs,
      },
    );

    const { spans } = await running.client.listSpans({ organizationId, sessionId: 'ses_1' });

    expect(namesOf(spans)).toEqual(['first turn', 'process', 'second turn']);
  });

  it('is empty for a session or a trace that nobody has spoken of', async () => {
    const organizationId = newId('organization');

    expect(await running.client.listSpans({ organizationId, sessionId: 'ses_none' })).toEqual({ spans: [] });
    expect(await running.client.listSpans({ organizationId, traceId: newTrace() })).toEqual({ spans: [] });
  });

  it('leaves out the latest spans where one reply cannot carry them all', async () => {
    const organizationId = newId('organization');
    const traceId = newTrace();
    const startMs = Date.now();
    const attributes = [text('large', 'x'.repeat(60_000))];
    const sent = Array.from({ length: 80 }, (_, at) => ({
      traceId,
      name: `span ${at}`,
      attributes,
      startMs: startMs + at,
    }));
    await running.client.ingestSpans({ organizationId, resourceSpans: resourceSpans(...sent.slice(0, 40)) });
    await running.client.ingestSpans({ organizationId, resourceSpans: resourceSpans(...sent.slice(40)) });

    const { spans } = await running.client.listSpans({ organizationId, traceId });

    expect(spans.length).toBeGreaterThan(50);
    expect(spans.length).toBeLessThan(80);
    expect(namesOf(spans)).toEqual(sent.slice(0, spans.length).map(({ name }) => name));
  });

  it('wants either a session or a trace', async () => {
    const organizationId = newId('organization');
    const refusal = { code: 'invalid_arguments', details: { fields: [{ path: 'sessionId' }, { path: 'traceId' }] } };

    await expect(running.client.listSpans({ organizationId })).rejects.toMatchObject(refusal);
    await expect(
      running.client.listSpans({ organizationId, sessionId: 'ses_1', traceId: newTrace() }),
    ).rejects.toMatchObject(refusal);
  });

  it('names a trace id of the wrong form', async () => {
    await expect(
      running.client.listSpans({ organizationId: newId('organization'), traceId: 'abc' }),
    ).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path: 'traceId', problem: 'is not 32 hexadecimal digits' }] },
    });
  });
});
