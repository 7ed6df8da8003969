import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { AGENT_SNAPSHOT_BUCKET, AgentSnapshot, Deployment, DEPLOYMENT_BUCKET } from './agents.ts';
import { SESSION_BUCKET, SessionSnapshot } from './calls.ts';
import { CONNECTION_BUCKET, ConnectionState } from './connections.ts';
import { EventEnvelope, type EventContract, type Rpc } from './define.ts';
import { CALL_EVENTS, callEventSubject, type CallEventKind } from './edge.ts';
import { EVENTS, REQUESTS } from './surface.ts';

/** A message as a release sent it. They are never changed: what an older service still sends must be understood today. */
interface Recorded {
  subject?: string;
  request?: unknown;
  reply?: unknown;
  event?: unknown;
  callEvent?: unknown;
  bucket?: string;
  snapshot?: unknown;
}

const FOLDER = 'recorded';
const requests = Object.values(REQUESTS).flatMap((group) => Object.values(group as Record<string, Rpc>));
const events = Object.values(EVENTS).flatMap((group) => Object.values(group as Record<string, EventContract>));
const callEvents = Object.entries(CALL_EVENTS).map(([kind, payload]) => ({ subject: callEventSubject('*', '*', '*', kind as CallEventKind), payload }));
const buckets: Record<string, z.ZodType> = {
  [AGENT_SNAPSHOT_BUCKET]: AgentSnapshot,
  [DEPLOYMENT_BUCKET]: Deployment,
  [SESSION_BUCKET]: SessionSnapshot,
  [CONNECTION_BUCKET]: ConnectionState,
};

async function readRecordings(): Promise<{ file: string; recorded: Recorded }[]> {
  const releases = await readdir(FOLDER);
  const files = await Promise.all(
    releases.map(async (release) => (await readdir(`${FOLDER}/${release}`)).map((name) => `${release}/${name}`)),
  );
  return Promise.all(
    files
      .flat()
      .map(async (file) => ({ file, recorded: JSON.parse(await readFile(`${FOLDER}/${file}`, 'utf8')) as Recorded })),
  );
}

const recordings = await readRecordings();
const ofRequests = recordings.filter(({ recorded }) => 'request' in recorded);
const ofEvents = recordings.filter(({ recorded }) => 'event' in recorded);
const ofCalls = recordings.filter(({ recorded }) => 'callEvent' in recorded);
const ofSnapshots = recordings.filter(({ recorded }) => 'snapshot' in recorded);

/** Whether a subject is one of a contract's; `*` stands for the organization, the edge and the session. */
function matches(pattern: string, subject: string | undefined): boolean {
  const tokens = subject?.split('.') ?? [];
  const wanted = pattern.split('.');
  return tokens.length === wanted.length && wanted.every((token, at) => token === '*' || token === tokens[at]);
}

function contractOf<C extends { subject: string }>(contracts: C[], subject: string | undefined): C {
  const found = contracts.find((contract) => matches(contract.subject, subject));
  if (!found)
    throw new Error(`Nobody answers ${subject} any more; a released subject lives until its last caller is gone.`);
  return found;
}

/** Understood, and nothing of it lost: a field that is not in the schema any more would be dropped without a word. */
function expectUnderstood(schema: z.ZodType, message: unknown): void {
  expect(schema.parse(message)).toMatchObject(message as object);
}

describe('messages of earlier releases', () => {
  it.each(ofRequests)('are understood as requests: $file', ({ recorded: { subject, request } }) => {
    expectUnderstood(contractOf(requests, subject).input, request);
  });

  it.each(ofRequests)('are understood as replies: $file', ({ recorded: { subject, reply } }) => {
    expectUnderstood(contractOf(requests, subject).output, reply);
  });

  it.each(ofEvents)('are understood as events: $file', ({ recorded: { subject, event } }) => {
    const envelope = EventEnvelope.parse(event);

    expect(envelope.subject).toBe(subject);
    expectUnderstood(EventEnvelope, event);
    expectUnderstood(contractOf(events, subject).payload, envelope.payload);
  });

  it.each(ofCalls)('are understood as events of a call: $file', ({ recorded: { subject, callEvent } }) => {
    expectUnderstood(contractOf(callEvents, subject).payload, callEvent);
  });

  it.each(ofSnapshots)('are understood as snapshots: $file', ({ recorded: { bucket, snapshot } }) => {
    expectUnderstood(buckets[bucket ?? ''] as z.ZodType, snapshot);
  });
});

describe('the recordings', () => {
  it('have every request, every event and every snapshot at least once', () => {
    const recorded = (pattern: string) => recordings.some(({ recorded: { subject } }) => matches(pattern, subject));
    const missing = [...requests, ...events, ...callEvents].map(({ subject }) => subject).filter((subject) => !recorded(subject));
    const held = ofSnapshots.map(({ recorded: { bucket } }) => bucket);

    expect(missing).toEqual([]);
    expect(Object.keys(buckets).filter((bucket) => !held.includes(bucket))).toEqual([]);
  });

  it('are each of one kind', () => {
    expect(ofRequests.length + ofEvents.length + ofCalls.length + ofSnapshots.length).toBe(recordings.length);
  });
});
