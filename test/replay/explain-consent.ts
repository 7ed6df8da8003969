import type { MisjudgedAnswer } from './consent-count.ts';
import { inParallel } from './in-parallel.ts';
import type { ParsedJson } from './parsed-json.ts';
import type { Finding } from './played.ts';

const AT_ONCE = 8;

/** Adds to each misjudged answer what the platform itself has on record about it. */
export function explainMisjudged(rest: { get(path: string): Promise<ParsedJson> }, misjudged: MisjudgedAnswer[]): Promise<Finding[]> {
  return inParallel(misjudged, AT_ONCE, async ({ conversation, subject, problem, sessionId, invocationId }) => {
    const timeline = await rest.get(`/v1/sessions/${sessionId}/timeline`);
    const record = timeline.at('entries').items().find((entry) => entry.has('invocationId') && entry.at('invocationId').value === invocationId);
    return { conversation, subject, problem: `${problem}; ${record ? reasonOf(record) : 'it is not in the timeline'}` };
  });
}

/** The decision about consent, and the words it was made on. */
function reasonOf(record: ParsedJson): string {
  const decisions = record.has('decisions') ? record.at('decisions').items() : [];
  const reasons = decisions
    .filter((decision) => decision.at('step').string() === 'consent')
    .map((decision) => `${decision.at('decision').string()}${decision.has('why') ? `, because ${decision.at('why').string()}` : ''}`);
  const judged = record.has('consent') && record.at('consent').has('words') ? ` of "${record.at('consent').at('words').string()}"` : '';
  return reasons.length > 0 ? `the record${judged} says: ${reasons.join('; ')}` : 'the record does not say why';
}
