import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServiceError } from '@patchbay/contracts/errors';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { CuttableWire } from '../testing/cuttable-wire.ts';
import { call, edgeId, invoke, organizationId, outcome, started, utterance } from '../testing/messages.ts';
import { refusal, ScriptedPlatform, type Script } from '../testing/scripted-platform.ts';
import { connectEdge } from './connect-edge.ts';
import type { Edge } from './edge.ts';
import type { Session } from './session.ts';

let server: TestNats;
let wire: CuttableWire;
let platform: ScriptedPlatform;
let edge: Edge;
let session: Session;
let onInvoke: Script;

beforeAll(async () => {
  server = await startNats();
  wire = await CuttableWire.to(server.url);
  platform = await ScriptedPlatform.connect(server.url);
  await platform.answer('session.start', () => ({ body: started }));
  await platform.answer('invoke', (request) => onInvoke(request));
  edge = await connectEdge({ natsUrl: wire.url, organizationId, edgeId });
  session = await edge.startSession(call);
});

afterAll(async () => {
  await edge.close();
  await platform.stop();
  await wire.stop();
  await server.stop();
});

/** What the promise was rejected with. */
async function rejection(promise: Promise<unknown>): Promise<ServiceError> {
  const thrown = await promise.then(
    () => new Error('was not rejected'),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(ServiceError);
  return thrown as ServiceError;
}

const requestsOf = (operation: string) => platform.received.filter(({ subject }) => subject.endsWith(`.${operation}`));

describe('what the platform refuses', () => {
  it('is thrown with the code, the message and the fields of the contract', async () => {
    const fields = [{ path: 'arguments.orderId', problem: 'is missing' }];
    onInvoke = () => refusal(400, 'invalid_arguments', { details: { fields } });

    const error = await rejection(session.invoke(invoke));

    expect(error).toMatchObject({
      code: 'invalid_arguments',
      message: 'refused: invalid_arguments',
      details: { fields },
    });
  });

  it.each([
    ['session_not_found', 404],
    ['session_ended', 409],
    ['rate_limited', 429],
    ['overloaded', 503],
  ])('with %s is not asked again', async (code, status) => {
    onInvoke = () => refusal(status, code);
    const before = requestsOf('invoke').length;

    expect(await rejection(session.invoke(invoke))).toMatchObject({ code });
    expect(requestsOf('invoke')).toHaveLength(before + 1);
  });

  it.each([
    ['is no JSON', { text: 'Bad Gateway' }],
    ['is no outcome', { body: { ...outcome, status: 'perhaps' } }],
    ['is empty', { text: '' }],
    [
      'is an error without its body',
      { headers: { 'Nats-Service-Error-Code': '500', 'Nats-Service-Error': 'x' }, text: 'oops' },
    ],
    ['is an error of an unknown code', refusal(418, 'teapot')],
  ])('and an answer that %s are internal', async (_what, answer) => {
    onInvoke = () => answer;

    expect(await rejection(session.invoke(invoke))).toMatchObject({ code: 'internal' });
  });
});

describe('a request that nobody received', () => {
  it('is asked again until somebody is there', async () => {
    const nobody = wire.hears('NATS/1.0 503');
    const asked = session.turn(utterance(0, 'Hello?'));
    await nobody;

    await platform.answer('turn', ({ body }) => ({ body: { turnId: body['turnId'], unbackedClaims: [] } }));

    expect(await asked).toMatchObject({ unbackedClaims: [] });
    expect(requestsOf('turn')).toHaveLength(1);
    expect(Number(requestsOf('turn')[0]?.headers['patchbay-deadline-ms'])).toBeLessThan(5_000);
  });

  it('is unavailable when its deadline has passed', async () => {
    const impatient = await connectEdge({ natsUrl: server.url, organizationId, edgeId, deadlineMs: 60 });

    expect(await rejection(impatient.getInvocation('inv_1'))).toMatchObject({
      code: 'unavailable',
      message: 'Nobody answers invocation.get; the request was not received.',
    });
    await impatient.close();
  });
});

describe('a request that is not answered', () => {
  it('exceeds its deadline, and is never sent twice', async () => {
    onInvoke = () => undefined;
    const before = requestsOf('invoke').length;

    expect(await rejection(session.invoke({ ...invoke, deadlineMs: 30 }))).toMatchObject({ code: 'deadline_exceeded' });
    expect(requestsOf('invoke')).toHaveLength(before + 1);
    expect(Number(requestsOf('invoke').at(-1)?.headers['patchbay-deadline-ms'])).toBeLessThanOrEqual(30);
  });

  it('may still be answered a little after its deadline', async () => {
    onInvoke = () => ({ body: outcome });

    expect(await session.invoke({ ...invoke, deadlineMs: 1 })).toEqual(outcome);
  });
});

describe('a request that cannot be sent', () => {
  it('for its size is refused here', async () => {
    const before = requestsOf('invoke').length;

    expect(await rejection(session.invoke({ ...invoke, arguments: { text: 'a'.repeat(300_000) } }))).toMatchObject({
      code: 'payload_too_large',
      details: { maxBytes: 262_144 },
    });
    expect(requestsOf('invoke')).toHaveLength(before);
  });

  it.each([
    ['a value that JSON cannot hold', () => session.invoke({ ...invoke, arguments: { amount: 1n } }), undefined],
    ['a deadline of zero', () => session.invoke({ ...invoke, deadlineMs: 0 }), 'deadlineMs'],
    ['a deadline that is no number', () => session.invoke({ ...invoke, deadlineMs: Number.NaN }), 'deadlineMs'],
    [
      'a time that is none',
      () => session.turn({ ...utterance(0, 'Hello?'), startedAt: new Date(Number.NaN) }),
      'startedAt',
    ],
  ])('for %s names what is wrong', async (_what, ask, path) => {
    const error = await rejection(ask());

    expect(error.code).toBe('invalid_arguments');
    expect(error.details?.fields?.[0]?.path).toBe(path);
  });
});

describe('a closed edge', () => {
  it('lets the requests under way be answered, and takes no other', async () => {
    let release: () => void = () => undefined;
    const leaving = await connectEdge({ natsUrl: server.url, organizationId, edgeId });
    const left = await leaving.startSession(call);
    onInvoke = ({ replySubject }) => {
      release = () => platform.nats.publish(replySubject, JSON.stringify(outcome));
      return undefined;
    };
    const underWay = left.invoke(invoke);
    await platform.next();

    const closed = leaving.close();
    const refused = await rejection(left.invoke(invoke));
    // A connection that did not wait would have let go of its inbox by now.
    for (let roundTrips = 0; roundTrips < 20; roundTrips++) await platform.nats.flush();
    release();

    expect(refused).toMatchObject({ code: 'failed_precondition', message: 'This edge is closed.' });
    expect(await underWay).toEqual(outcome);
    await closed;
  });
});
