import { Injectable } from '@nestjs/common';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { Verdict } from '../domain/verdict.ts';
import { RunningInvocations } from '../outside/running-invocations.ts';
import { inTime, LATE, REPLY_RESERVE_MS } from './in-time.ts';
import type { Invocation, Step } from './invocation.ts';

/** An equal request that is under way in this process is joined, and a read that was just answered is not asked again. */
@Injectable()
export class JoinRepeat implements Step {
  constructor(private readonly running: RunningInvocations) {}

  run(invocation: Invocation): Verdict | undefined | Promise<Verdict | undefined> {
    const { organizationId, input, canonicalArguments } = invocation;
    const key = `${organizationId} ${input.sessionId} ${input.function} ${input.idempotencyKey ?? ''} ${canonicalArguments}`;
    const answered = invocation.changesTheWorld ? undefined : this.running.justAnswered(key);
    if (answered) return repeat(invocation, answered, 'the same read was just answered');
    const leader = this.running.joinOrLead(key, invocation);
    if (leader) return leader.answered ? this.#follow(invocation, leader) : this.#join(invocation, leader);
    invocation.requestKey = key;
    return undefined;
  }

  /** A write that has been told and is being stored: soon the ledger can say what a repeat of it is. */
  async #follow(invocation: Invocation, leader: Invocation): Promise<Verdict | undefined> {
    const stored = await inTime(leader.stored!, invocation.replyLeftMs - REPLY_RESERVE_MS);
    return stored === LATE ? repeat(invocation, leader.answered!, 'the same request was just answered') : this.run(invocation);
  }

  async #join(invocation: Invocation, leader: Invocation): Promise<Verdict> {
    const outcome = await inTime(leader.whenAnswered(), invocation.replyLeftMs - REPLY_RESERVE_MS);
    return repeat(invocation, outcome === LATE ? leader.outcome() : outcome, 'the same request is under way');
  }
}

/** Answers with the outcome of another invocation; nothing is sent. */
export function repeat(invocation: Invocation, outcome: Outcome, why: string): Verdict {
  invocation.decide('repeat', `answered with ${outcome.invocationId}`, why);
  invocation.repeated = outcome;
  return { status: outcome.status };
}
