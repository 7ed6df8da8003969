import { Injectable } from '@nestjs/common';
import type { Verdict } from '../domain/verdict.ts';
import { conclude, nextLookMs } from '../domain/verification.ts';
import { WriteVerifier } from '../outside/write-verifier.ts';
import { REPLY_RESERVE_MS } from './in-time.ts';
import type { Invocation } from './invocation.ts';

/** With less left, a question would only cost the provider. */
const LEAST_LOOK_MS = 100;

/** A write of which nothing is known is looked at while the turn lasts, and later by the loop that verifies. */
@Injectable()
export class VerifyWrite {
  constructor(private readonly verifier: WriteVerifier) {}

  async run(invocation: Invocation, verdict: Verdict): Promise<Verdict> {
    const called = invocation.function!;
    // A repeat is not looked at: its intent is another one's, who looks.
    if (verdict.status !== 'unknown' || !called.verify || invocation.repeated) return verdict;
    const leftMs = invocation.leftMs - REPLY_RESERVE_MS;
    const found = leftMs >= LEAST_LOOK_MS ? await this.#look(invocation, leftMs) : null;
    if (found) return { status: found };
    invocation.verifyInMs = nextLookMs(0);
    return verdict;
  }

  async #look(invocation: Invocation, deadlineMs: number): Promise<'succeeded' | 'failed' | null> {
    const { function: called, arguments: args, origin, credential, attempts } = invocation;
    const attempt = attempts.length + 1;
    const { finding, evidence } = await this.verifier.look({ called: called!, arguments: args, origin, credential, deadlineMs, attempt });
    if (evidence) attempts.push(evidence);
    // It was sent a moment ago: "not there" may only mean "not there yet".
    const found = conclude(finding, 0);
    invocation.decide('verify', finding, found ? 'the provider was asked' : 'it will be looked at again');
    return found;
  }
}
