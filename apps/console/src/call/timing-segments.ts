/** Stages of an attempt in the order they happen, with what the time until each was spent on. */
const STAGES = [
  { stage: 'queue', label: 'queue' },
  { stage: 'dns', label: 'DNS' },
  { stage: 'connect', label: 'connect' },
  { stage: 'tls', label: 'TLS' },
  { stage: 'firstByte', label: 'first byte' },
  { stage: 'total', label: 'body' },
] as const;

/** Below this nobody waited: there was a connection at once. */
const QUEUED_FROM_MS = 1;

export interface TimingSegment {
  stage: (typeof STAGES)[number]['stage'] | 'noAnswer';
  label: string;
  fromMs: number;
  durationMs: number;
}

/**
 * The timings of an attempt are milliseconds from its start, and a stage that did not happen is absent (a kept-alive
 * connection has no dns, connect or tls). A segment is what lies between a stage and the one before it.
 */
export function timingSegments(timings: Record<string, number>): TimingSegment[] {
  const segments: TimingSegment[] = [];
  let reachedMs = 0;
  for (const { stage, label } of STAGES) {
    const atMs = timings[stage];
    if (atMs === undefined || atMs < reachedMs) continue;
    if (stage === 'queue' && atMs < QUEUED_FROM_MS) continue;
    const isUnanswered = stage === 'total' && timings.firstByte === undefined;
    const what = isUnanswered ? ({ stage: 'noAnswer', label: 'no answer' } as const) : { stage, label };
    segments.push({ ...what, fromMs: reachedMs, durationMs: atMs - reachedMs });
    reachedMs = atMs;
  }
  return segments;
}
