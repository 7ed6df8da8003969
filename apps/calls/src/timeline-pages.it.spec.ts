import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TimelineEntry } from '@patchbay/contracts/calls';
import { Attempt } from '@patchbay/contracts/runner';
import { RunningCalls } from '../testing/running-calls.ts';

const INVOCATIONS = 3_000;
/** So that all of them together are twice of what one message of the broker carries. */
const PREVIEW = 'x'.repeat(2_500);

let running: RunningCalls;
let sessionId: string;
let ids: string[];

beforeAll(async () => {
  running = await RunningCalls.start();
  sessionId = await running.startSession();
  await running.say(sessionId, 0, 'caller', 'Check all my orders.');
  await running.say(sessionId, 1, 'agent', 'All of them are on their way.');
  const attempt = Attempt.parse({
    attempt: 1,
    startedAt: new Date().toISOString(),
    method: 'GET',
    url: 'https://example.com/',
    requestBytes: 0,
    requestPreview: null,
    status: 200,
    responseBytes: PREVIEW.length,
    responsePreview: PREVIEW,
    errorCode: null,
    connectionId: null,
    connectionVersion: null,
    timings: {},
  });
  ids = Array.from({ length: INVOCATIONS }, (_, at) =>
    running.runner.add(sessionId, 'check_order', { turnId: at % 2 ? 'trn_0' : 'trn_1', attempts: [attempt] }),
  );
});

afterAll(() => running.stop());

const page = (more: { limit?: number; after?: string }) => running.client.getTimeline({ organizationId: running.organizationId, sessionId, ...more });
const placeOf = (entry: TimelineEntry) => (entry.kind === 'invocation' ? entry.invocationId : entry.kind === 'turn' ? entry.turnId : entry.claimId);

async function allPages(limit: number) {
  const pages: TimelineEntry[][] = [];
  for (let after: string | undefined; ;) {
    const reply = await page({ limit, after });
    pages.push(reply.entries);
    if (reply.next === null) return pages;
    after = reply.next;
  }
}

/** Each turn is followed by what it caused. */
const expected = () => ['trn_0', ...ids.filter((_, at) => at % 2), 'trn_1', ...ids.filter((_, at) => at % 2 === 0)];

describe('the timeline of a call with 3,000 invocations', () => {
  it('is read page by page, in its order, none twice and none missing', async () => {
    const pages = await allPages(500);

    expect(pages.flat().map(placeOf)).toEqual(expected());
    expect(pages.map(({ length }) => length)).toEqual([500, 500, 500, 500, 500, 500, 2]);
  });

  it('is refused as a whole, and says how it can be read', async () => {
    await expect(page({})).rejects.toMatchObject({ code: 'payload_too_large', message: expect.stringContaining('`limit` and `after`') });
  });

  it('is read where the runner knows no pages but answers all that fits', async () => {
    const other = await running.startSession();
    const invocationIds = Array.from({ length: 600 }, () => running.runner.add(other, 'check_order'));
    running.runner.ignoresPages = true;

    const { entries, next } = await running.timeline(other);
    running.runner.ignoresPages = false;

    expect(entries.map(placeOf)).toEqual(invocationIds);
    expect(next).toBeNull();
  });

  it('is asked of the runner in pages', async () => {
    running.runner.listed.length = 0;

    await page({ limit: 1 });

    expect(running.runner.listed).toEqual([500, 500, 500, 500, 500, 500]);
  });

});

describe('what the agent says', () => {
  it('is backed by an invocation on whichever page of them', async () => {
    const other = await running.startSession();
    for (let count = 0; count < 501; count++) running.runner.add(other, 'check_order');
    expect(await running.say(other, 0, 'agent', "I've booked it.")).toMatchObject({ unbackedClaims: [{ effect: 'booked' }] });

    running.runner.add(other, 'book_slot', { effect: 'write.reversible' });

    expect(await running.say(other, 1, 'agent', "I've booked it.")).toMatchObject({ unbackedClaims: [] });
  });
});

describe('a page of a timeline', () => {
  it('holds fewer entries than asked for where they would not fit into one message', async () => {
    const other = await running.startSession();
    const turns = Array.from({ length: 150 }, (_, index) => index);
    for (const index of turns) await running.say(other, index, 'caller', 'y'.repeat(32_000));
    const pageOf = (after?: string) => running.client.getTimeline({ organizationId: running.organizationId, sessionId: other, limit: 500, after });

    const first = await pageOf();
    const second = await pageOf(first.next!);

    expect(first.entries.length).toBeGreaterThan(100);
    expect([...first.entries, ...second.entries].map(placeOf)).toEqual(turns.map((index) => `trn_${index}`));
    expect(second.next).toBeNull();
  });

  it('cannot begin at a place that is not in the timeline', async () => {
    await expect(page({ after: 'turn.trn_77' })).rejects.toMatchObject({ code: 'invalid_arguments', details: { fields: [{ path: 'after' }] } });
  });
});
