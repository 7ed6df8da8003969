import { describe, expect, it } from '@jest/globals';
import { NoRespondersError, TimeoutError } from '@nats-io/transport-node';
import { askUntil, EdgeProblem } from './edge-node.ts';
import { ParsedJson } from './parsed-json.ts';

const REPLY = new ParsedJson({ turnId: 'trn_1' }, 'the reply');

/** Fails as told, one failure a try, then answers. */
function scripted(...failures: Error[]) {
  const tries: number[] = [];
  const send = async (tryMs: number) => {
    tries.push(tryMs);
    const failure = failures.shift();
    if (failure) throw failure;
    return REPLY;
  };
  return { tries, send };
}

describe('asking the platform', () => {
  it.each([
    ['nobody received it', new NoRespondersError('edge.v1.o.e.invoke')],
    ['the service was not available', new EdgeProblem('unavailable', 'restarting')],
    ['the service had too much to do', new EdgeProblem('overloaded', 'later')],
  ])('is done again for a write when %s', async (_why, failure) => {
    const { send, tries } = scripted(failure);

    await expect(askUntil(send, { withinMs: 5_000, repeatable: false })).resolves.toBe(REPLY);
    expect(tries).toHaveLength(2);
  });

  it('is not done again for a write that was not answered in time', async () => {
    const { send, tries } = scripted(new TimeoutError());

    await expect(askUntil(send, { withinMs: 5_000, repeatable: false })).rejects.toThrow('no_answer');
    expect(tries).toHaveLength(1);
  });

  it('is done again for a read that was not answered in time', async () => {
    const { send } = scripted(new TimeoutError());

    await expect(askUntil(send, { withinMs: 5_000, repeatable: true })).resolves.toBe(REPLY);
  });

  it('ends with the platform’s own words when it refuses', async () => {
    const { send } = scripted(new EdgeProblem('session_ended', 'The session has ended.'));

    await expect(askUntil(send, { withinMs: 5_000, repeatable: true })).rejects.toThrow(
      'session_ended: The session has ended.',
    );
  });

  it('gives a try what is left, and at most ten seconds', async () => {
    const long = scripted();
    const short = scripted();

    await askUntil(long.send, { withinMs: 30_000, repeatable: true });
    await askUntil(short.send, { withinMs: 1_000, repeatable: true });

    expect(long.tries).toEqual([10_000]);
    expect(short.tries[0]).toBeLessThanOrEqual(1_000);
  });

  it('gives up at its deadline', async () => {
    const { send } = scripted(...Array.from({ length: 20 }, () => new NoRespondersError('edge.v1.o.e.turn')));

    await expect(askUntil(send, { withinMs: 60, repeatable: true })).rejects.toThrow(
      'no_responders: nobody listens on the subject',
    );
  });
});
