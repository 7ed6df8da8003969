import { afterEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import type { Recording } from './conversation.ts';
import { Progress } from './progress.ts';
import { readRecording } from './read-recording.ts';
import { run } from './run.ts';
import { PlatformStandIn } from './stand-in/platform-stand-in.ts';
import type { Script } from './stand-in/platform-stand-in.ts';
import { explain, isClean, summarize } from './summary.ts';

const SAMPLES = fileURLToPath(new URL('../data', import.meta.url));
const QUIET = { write: () => true };

let platform: PlatformStandIn | undefined;
afterEach(async () => {
  await platform?.close();
  platform = undefined;
});

async function replay(sample: 'sgd' | 'airline', script: Script = {}, limit = 2, consent = false) {
  platform = await PlatformStandIn.start(script);
  const everything = await readRecording(`${SAMPLES}/${sample}`, { consent });
  const recording: Recording = { ...everything, conversations: everything.conversations.slice(0, limit) };
  const result = await run({
    platform: { url: platform.url, apiKey: platform.operatorKey, release: async () => undefined },
    recording,
    concurrency: 4,
    progress: new Progress(QUIET, recording.conversations.length),
    signal: new AbortController().signal,
    readWithinMs: 0,
    consent,
  });
  if (!result) throw new Error('the run was stopped');
  return { summary: summarize(result), explained: explain(result).join('\n') };
}

describe('a replay', () => {
  it('plays the dialogues of the sample through the edge contract and finds nothing wrong', async () => {
    const { summary, explained } = await replay('sgd', {}, 6);

    expect(explained).toBe('');
    expect(isClean(summary)).toBe(true);
    expect(summary).toMatchObject({
      conversations: 6,
      turns: 82,
      invocations: 14,
      succeeded: 14,
      failed: 0,
      providerReceived: 14,
    });
  });

  it('counts the recorded errors of the airline sample as failed, not as lost', async () => {
    const { summary } = await replay('airline', {}, 4);

    expect(isClean(summary)).toBe(true);
    expect(summary).toMatchObject({
      conversations: 4,
      turns: 60,
      invocations: 27,
      succeeded: 24,
      failed: 3,
      providerReceived: 27,
    });
  });

  it('speaks as one edge: its own subjects, its own inbox, a trace and a deadline on every request', async () => {
    await replay('sgd', {}, 1);

    const requests = platform?.requests ?? [];
    expect(requests.every(({ subject }) => subject.startsWith('edge.v1.org_1.edge_1.'))).toBe(true);
    expect(requests.every(({ replyTo }) => replyTo.startsWith('_INBOX_edge_1.'))).toBe(true);
    expect(
      requests.every(({ headers }) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(headers.get('traceparent') ?? '')),
    ).toBe(true);
    expect(requests.every(({ headers }) => Number(headers.get('patchbay-deadline-ms')) > 0)).toBe(true);
  });

  it('asks again when nobody was there to receive a request', async () => {
    const seen = new Set<string>();
    const instead: Script['instead'] = (operation) => {
      if (seen.has(operation)) return null;
      seen.add(operation);
      return 'no responders';
    };

    const { summary } = await replay('sgd', { instead }, 1);

    expect(isClean(summary)).toBe(true);
  });

  it('counts an invocation that was refused as lost and says why', async () => {
    const instead: Script['instead'] = (operation) =>
      operation === 'invoke' ? { error: { code: 'session_not_found', message: 'There is no such session.' } } : null;

    const { summary, explained } = await replay('sgd', { instead }, 1);

    expect(summary).toMatchObject({ invocations: 2, succeeded: 0, lost: 2, incompleteTraces: 0 });
    expect(explained).toContain(
      '2_00042, invocation 0 (RentalCars_1_GetCarsAvailable): session_not_found: There is no such session.',
    );
  });

  it('counts a whole conversation as lost when its session does not start', async () => {
    const instead: Script['instead'] = (operation) =>
      operation === 'session.start' ? { error: { code: 'not_found', message: 'There is no such agent.' } } : null;

    const { summary } = await replay('sgd', { instead }, 1);

    expect(summary.lost).toBe(1 + summary.turns + summary.invocations);
  });

  it('counts a reply that is no outcome as lost', async () => {
    const instead: Script['instead'] = (operation) => (operation === 'invoke' ? { value: { status: 'done' } } : null);

    const { summary, explained } = await replay('sgd', { instead }, 1);

    expect(summary.lost).toBe(2);
    expect(explained).toContain('the status done is not in the contract');
  });

  it('notices arguments that were changed on the way to the provider', async () => {
    const place: Script['place'] = (sent) => ({ ...sent, pickup_city: 'Elsewhere' });

    const { summary, explained } = await replay('sgd', { place }, 1);

    expect(summary.argumentMismatches).toBe(2);
    expect(explained).toContain('"pickup_city":"Elsewhere"');
  });

  it('notices a success that the provider knows nothing of', async () => {
    const { summary, explained } = await replay('sgd', { sends: () => false }, 1);

    expect(summary).toMatchObject({ succeeded: 2, providerReceived: 0, lost: 2 });
    expect(explained).toContain('the provider has not received it');
  });

  it('plays nothing more once it was stopped, and counts nothing', async () => {
    platform = await PlatformStandIn.start();
    const recording = await readRecording(`${SAMPLES}/sgd`);

    const result = await run({
      platform: { url: platform.url, apiKey: platform.operatorKey, release: async () => undefined },
      recording,
      concurrency: 4,
      progress: new Progress(QUIET, recording.conversations.length),
      signal: AbortSignal.abort(),
    });

    expect(result).toBeNull();
    expect(platform.requests).toEqual([]);
  });

  it('notices turns and invocations that are not in the timeline', async () => {
    const records: Script['records'] = (kind, body) => kind === 'turn' && body.index !== 3;

    const { summary, explained } = await replay('sgd', { records }, 1);

    expect(summary.lost).toBe(3);
    expect(explained).toContain('2_00042, turn 3: is not in the timeline');
  });

  it('notices the link that a trace lacks', async () => {
    const { summary, explained } = await replay('sgd', { stores: (name) => !name.startsWith('GET ') }, 1);

    expect(summary).toMatchObject({ lost: 0, incompleteTraces: 2 });
    expect(explained).toContain('has no HTTP attempt span for its invoke');
  });

  describe('with consent', () => {
    const NEGATED = 'Actually change that to morning 10 and on the 12th of this month.';

    it('tries each write before its read-back and again after the answer, which decides', async () => {
      const { summary, explained } = await replay('sgd', { agrees: (words) => words !== NEGATED }, 6, true);

      expect(explained).toBe('');
      expect(isClean(summary)).toBe(true);
      expect(summary.consent).toMatchObject({ readBacks: 7, affirmed: 6, negated: 1, falseCommits: 0, falseRefusals: 0 });
    });

    it('counts a refused yes and says why, in the words of the record', async () => {
      const { summary, explained } = await replay('sgd', { agrees: () => false }, 1, true);

      expect(isClean(summary)).toBe(false);
      expect(summary).toMatchObject({ lost: 0, consent: { readBacks: 1, falseCommits: 0, falseRefusals: 1 } });
      expect(explained).toContain('was answered rejected (consent_refused: Not now.); the record of "');
      expect(explained).toContain('says: negate, because the script says no');
    });

    it('counts a write that the caller had refused', async () => {
      const { summary } = await replay('sgd', {}, 6, true);

      expect(isClean(summary)).toBe(false);
      expect(summary.consent).toMatchObject({ falseCommits: 1, falseRefusals: 0 });
    });
  });
});
