import { setTimeout as wait } from 'node:timers/promises';
import type { Rest } from '../replay/rest.ts';
import type { CalledSession } from './contenders/patchbay.ts';

const STORED_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 250;

/** A read's evidence is written behind its answer; what never arrives there was work left undone, and no figure holds. */
export async function requireEvidence(rest: Rest, { sessionId, calls }: CalledSession): Promise<void> {
  const until = performance.now() + STORED_WITHIN_MS;
  for (;;) {
    const timeline = await rest.get(`/v1/sessions/${sessionId}/timeline`);
    const entries = timeline.at('entries').items();
    const stored = entries.filter((entry) => entry.at('kind').value === 'invocation').length;
    if (stored === calls) return;
    if (performance.now() > until)
      throw new Error(`Of ${calls} calls in session ${sessionId}, ${stored} are on record.`);
    await wait(LOOK_EVERY_MS);
  }
}
