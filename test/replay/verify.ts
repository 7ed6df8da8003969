import { setTimeout as delay } from 'node:timers/promises';
import { inParallel } from './in-parallel.ts';
import type { ParsedJson } from './parsed-json.ts';
import type { Finding, PlayedConversation } from './played.ts';
import { missingFromTimeline } from './timeline.ts';
import { missingLink } from './trace-chain.ts';
import type { StoredSpan } from './trace-chain.ts';

/** Evidence of reads is written behind the answer. */
const TIMELINE_WITHIN_MS = 10_000;
/** Spans wait in the exporters of every service on the way. */
const SPANS_WITHIN_MS = 30_000;
const PAUSE_MS = 500;
const AT_ONCE = 8;

export interface Reading {
  rest: { get(path: string): Promise<ParsedJson> };
  signal: AbortSignal;
  /** A conversation needs no further look. */
  onRead: () => void;
  /** Until then it is read again while something is missing. */
  withinMs?: number;
}

/** Reads the record of every session back until it is complete or the time is over. */
export function findLostRecords(reading: Reading, played: PlayedConversation[]): Promise<Finding[]> {
  return readUntilComplete({ withinMs: TIMELINE_WITHIN_MS, ...reading }, played, async (conversation, sessionId) =>
    missingFromTimeline(conversation, await reading.rest.get(`/v1/sessions/${sessionId}/timeline`)),
  );
}

/** Reads the spans of every session back until each turn's chain is complete or the time is over. */
export function findIncompleteTraces(reading: Reading, played: PlayedConversation[]): Promise<Finding[]> {
  return readUntilComplete({ withinMs: SPANS_WITHIN_MS, ...reading }, played, async (conversation, sessionId) => {
    const reply = await reading.rest.get(`/v1/sessions/${sessionId}/spans`);
    const spans = reply.at('spans').items().map(readSpan);
    return conversation.turns.flatMap((turn) => {
      const problem = missingLink(turn, spans);
      return problem === null ? [] : [{ conversation: conversation.name, subject: `turn ${turn.index}`, problem }];
    });
  });
}

function readSpan(span: ParsedJson): StoredSpan {
  return {
    traceId: span.at('traceId').string(),
    spanId: span.at('spanId').string(),
    parentSpanId: span.has('parentSpanId') ? span.at('parentSpanId').string() : null,
    name: span.at('name').string(),
    kind: span.at('kind').string(),
  };
}

type Check = (conversation: PlayedConversation, sessionId: string) => Promise<Finding[]>;

async function readUntilComplete(
  reading: Required<Reading>,
  played: PlayedConversation[],
  check: Check,
): Promise<Finding[]> {
  const endsAt = performance.now() + reading.withinMs;
  async function read({
    conversation,
    sessionId,
  }: {
    conversation: PlayedConversation;
    sessionId: string;
  }): Promise<Finding[]> {
    for (;;) {
      const found = await check(conversation, sessionId).catch((error: unknown): Finding[] => [
        {
          conversation: conversation.name,
          subject: 'the session',
          problem: error instanceof Error ? error.message : String(error),
        },
      ]);
      if (found.length === 0 || reading.signal.aborted || performance.now() + PAUSE_MS > endsAt) return found;
      await delay(PAUSE_MS);
    }
  }
  // A session that did not start has no record; it has been known as lost since it was played.
  const started = played.flatMap((conversation) =>
    conversation.sessionId === null ? [] : [{ conversation, sessionId: conversation.sessionId }],
  );
  const findings = await inParallel(
    started,
    AT_ONCE,
    async (session) => {
      const found = await read(session);
      reading.onRead();
      return found;
    },
    reading.signal,
  );
  return findings.flat();
}
