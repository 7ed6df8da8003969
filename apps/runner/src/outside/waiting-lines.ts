import { Injectable } from '@nestjs/common';
import { LiveLatency } from '../guards/live-latency.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import { CallEvents } from './call-events.ts';

/** From about here a pause is heard as one. */
const AUDIBLE_MS = 700;
/** Where nothing is known of the function, and its builder said nothing. */
const FIRST_LINE_MS = 900;
/** Between one line and the next. */
const NEXT_LINE_MS = 4_000;

/** Has the agent say something while the caller waits: at once where waiting will be audible, else only when it has become so. */
@Injectable()
export class WaitingLines {
  constructor(
    private readonly events: CallEvents,
    private readonly latency: LiveLatency,
  ) {}

  /** Returns how to stop. The deadline goes on meanwhile. */
  start(invocation: Invocation): () => void {
    const { speak, functionId } = invocation.function!;
    if (!speak) return () => undefined;
    const usualMs = this.latency.p50(functionId);
    const afterMs = usualMs !== null && usualMs >= AUDIBLE_MS ? 0 : (speak.afterMs ?? FIRST_LINE_MS);
    let next = 0;
    let timer: NodeJS.Timeout;
    const say = () => {
      const line = speak.waiting[next++];
      if (line === undefined) return;
      this.events.progress(invocation.about, line);
      timer = setTimeout(say, NEXT_LINE_MS);
    };
    timer = setTimeout(say, afterMs);
    return () => clearTimeout(timer);
  }
}
