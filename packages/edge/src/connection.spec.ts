import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { CuttableWire } from '../testing/cuttable-wire.ts';
import { call, edgeId, invoke, organizationId, outcome, started } from '../testing/messages.ts';
import { ScriptedPlatform, type Script } from '../testing/scripted-platform.ts';
import { connectEdge } from './connect-edge.ts';
import type { Edge } from './edge.ts';
import type { Session } from './session.ts';

let server: TestNats;
let wire: CuttableWire;
let platform: ScriptedPlatform;
let edge: Edge;
let session: Session;
let onInvoke: Script = () => ({ body: outcome });
const problems = new EventEmitter();

beforeAll(async () => {
  server = await startNats();
  wire = await CuttableWire.to(server.url);
  platform = await ScriptedPlatform.connect(server.url);
  await platform.answer('session.start', () => ({ body: started }));
  await platform.answer('invoke', (request) => onInvoke(request));
  edge = await connectEdge({
    natsUrl: wire.url,
    organizationId,
    edgeId,
    onProblem: (problem) => problems.emit('problem', problem),
  });
  session = await edge.startSession(call);
});

afterAll(async () => {
  await edge.close();
  await platform.stop();
  await wire.stop();
  await server.stop();
});

const invocations = () => platform.received.filter(({ subject }) => subject.endsWith('.invoke'));

async function loseConnection(): Promise<unknown> {
  const told = once(problems, 'problem');
  wire.cut();
  const [problem] = await told;
  return problem;
}

describe('while the connection is away', () => {
  it('the host is told', async () => {
    expect(await loseConnection()).toMatchObject({ code: 'unavailable', message: expect.stringContaining('lost') });
    wire.mend();
    await session.invoke(invoke);
  });

  it('a request waits, and is sent once when it is back', async () => {
    await loseConnection();
    const before = invocations().length;

    const asked = session.invoke({ ...invoke, deadlineMs: 20_000 });
    wire.mend();

    expect(await asked).toEqual(outcome);
    expect(invocations()).toHaveLength(before + 1);
  });

  it('a request whose deadline passes is unavailable and never sent afterwards', async () => {
    await loseConnection();
    const before = invocations().length;

    await expect(session.invoke({ ...invoke, toolCallId: 'late', deadlineMs: 20 })).rejects.toMatchObject({
      code: 'unavailable',
    });
    wire.mend();
    await session.invoke(invoke);

    expect(
      invocations()
        .slice(before)
        .map(({ body }) => body['toolCallId']),
    ).toEqual(['call_1']);
  });

  it('an edge closes all the same', async () => {
    const told = new EventEmitter();
    const leaving = await connectEdge({
      natsUrl: wire.url,
      organizationId,
      edgeId,
      onProblem: () => told.emit('problem'),
    });
    const lost = once(told, 'problem');
    wire.cut();
    await lost;

    await expect(leaving.close()).resolves.toBeUndefined();
    wire.mend();
    await session.invoke(invoke);
  });
});

describe('a request under way when the connection breaks', () => {
  it('exceeds its deadline and is not repeated, because it may have been carried out', async () => {
    onInvoke = () => undefined;
    const before = invocations().length;
    const refused = session.invoke({ ...invoke, deadlineMs: 400 }).catch((error: unknown) => error);
    await platform.next();

    await loseConnection();
    wire.mend();
    expect(await refused).toMatchObject({ code: 'deadline_exceeded' });

    onInvoke = () => ({ body: outcome });
    await session.invoke({ ...invoke, toolCallId: 'after' });
    expect(
      invocations()
        .slice(before)
        .map(({ body }) => body['toolCallId']),
    ).toEqual(['call_1', 'after']);
  });
});

describe('connecting', () => {
  it('is unavailable when no server listens', async () => {
    const gone = await CuttableWire.to(server.url);
    const natsUrl = gone.url;
    await gone.stop();

    await expect(connectEdge({ natsUrl, organizationId, edgeId })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('natsUrl'),
    });
  });

  it.each([
    ['organizationId', { organizationId: 'org_a.b' }],
    ['organizationId', { organizationId: '*' }],
    ['edgeId', { edgeId: 'edge_>' }],
    ['edgeId', { edgeId: '' }],
    ['credentials', { credentials: 'not a credentials file' }],
  ])('refuses a wrong %s before it asks the server', async (path, wrong) => {
    await expect(connectEdge({ natsUrl: server.url, organizationId, edgeId, ...wrong })).rejects.toMatchObject({
      code: 'invalid_arguments',
      details: { fields: [{ path }] },
    });
  });
});
