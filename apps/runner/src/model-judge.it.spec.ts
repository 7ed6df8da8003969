import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { ScriptedProvider } from '@patchbay/testing/scripted-provider';
import { RunningRunner } from '../testing/running-runner.ts';

let running: RunningRunner;
let model: ScriptedProvider;

beforeAll(async () => {
  model = await ScriptedProvider.start();
  running = await RunningRunner.start({ RUNNER_CONSENT_MODEL_URL: `${model.url}/v1`, RUNNER_CONSENT_MODEL_KEY: KNOWN_SECRETS.model });
});

afterAll(async () => {
  await running.stop();
  await model.stop();
});

beforeEach(async () => {
  model.received.length = 0;
  running.provider.received.length = 0;
  running.sessionId = await running.startSession('live');
});

const says = (content: string) => ({ body: { choices: [{ message: { content } }] } });

/** What the second call gets after the caller has said this. */
async function afterWords(words: string) {
  await running.invoke('refund', { orderId: '7' });
  running.say('caller', words);
  return running.invoke('refund', { orderId: '7' });
}

describe('a model that judges what the rules cannot read', () => {
  it('is asked about an unclear answer, with the sentence and the words', async () => {
    model.script(says('{"verdict":"affirm","reason":"agrees in slang"}'));

    expect(await afterWords('Blimey guv.')).toMatchObject({ status: 'succeeded' });
    expect(model.received).toMatchObject([{ path: '/v1/chat/completions', headers: { authorization: `Bearer ${KNOWN_SECRETS.model}` }, body: expect.stringContaining('Blimey guv.') }]);
  });

  it('is not asked about what the rules can read', async () => {
    expect(await afterWords('No, thank you.')).toMatchObject({ status: 'rejected', error: { code: 'consent_refused' } });
    expect(model.received).toEqual([]);
  });

  it('is not asked when the caller takes a yes back', async () => {
    await running.invoke('refund', { orderId: '7' });
    running.say('caller', 'Yes.');
    running.say('caller', 'Hold on a second.');

    expect(await running.invoke('refund', { orderId: '7' })).toMatchObject({ status: 'needs_confirmation' });
    expect(model.received).toEqual([]);
  });

  it.each([
    ['answers something else', says('Sure, go ahead!')],
    ['is broken', { status: 500 }],
    ['cuts the connection', { cut: 'before' as const }],
  ])('changes nothing when it %s', async (_name, reply) => {
    model.script(reply);

    expect(await afterWords('Blimey guv.')).toMatchObject({ status: 'needs_confirmation' });
    expect(running.provider.received).toEqual([]);
  });
});
