import { Injectable } from '@nestjs/common';
import { refused, type Verdict } from '../domain/verdict.ts';
import { WaitingLines } from '../outside/waiting-lines.ts';
import { AskConsent } from './ask-consent.ts';
import { BreakLoop } from './break-loop.ts';
import { CheckArguments } from './check-arguments.ts';
import { CommitIntent } from './commit-intent.ts';
import { GiveDirective } from './give-directive.ts';
import { GuardCall } from './guard-call.ts';
import type { Invocation, Step } from './invocation.ts';
import { JoinRepeat } from './join-repeat.ts';
import { OutliveTurn } from './outlive-turn.ts';
import { PollResult } from './poll-result.ts';
import { ReadResult } from './read-result.ts';
import { ResolveCredential } from './resolve-credential.ts';
import { SendAttempt } from './send-attempt.ts';
import { VerifyWrite } from './verify-write.ts';

/** The steps of an invocation, in the order they happen; the first with a verdict ends it. */
export const STEPS = [
  CheckArguments,
  JoinRepeat,
  GuardCall,
  AskConsent,
  CommitIntent,
  BreakLoop,
  GiveDirective,
  OutliveTurn,
  ResolveCredential,
  SendAttempt,
  ReadResult,
] as const;

@Injectable()
export class Pipeline {
  readonly #steps: readonly Step[];

  constructor(
    private readonly lines: WaitingLines,
    checkArguments: CheckArguments,
    joinRepeat: JoinRepeat,
    guardCall: GuardCall,
    askConsent: AskConsent,
    commitIntent: CommitIntent,
    breakLoop: BreakLoop,
    giveDirective: GiveDirective,
    outliveTurn: OutliveTurn,
    resolveCredential: ResolveCredential,
    sendAttempt: SendAttempt,
    readResult: ReadResult,
    private readonly pollResult: PollResult,
    private readonly verifyWrite: VerifyWrite,
  ) {
    this.#steps = [
      checkArguments,
      joinRepeat,
      guardCall,
      askConsent,
      commitIntent,
      breakLoop,
      giveDirective,
      outliveTurn,
      resolveCredential,
      sendAttempt,
      readResult,
    ];
  }

  async run(invocation: Invocation): Promise<Verdict> {
    const hush = this.lines.start(invocation);
    try {
      const verdict = honest(invocation, await this.#firstVerdict(invocation));
      const { poll, verify } = invocation.function!;
      if (!poll && !verify) return verdict;
      return await this.verifyWrite.run(invocation, await this.pollResult.run(invocation, verdict));
    } finally {
      hush();
    }
  }

  async #firstVerdict(invocation: Invocation): Promise<Verdict> {
    for (const step of this.#steps) {
      const verdict = step.run(invocation);
      const end = verdict instanceof Promise ? await verdict : verdict;
      if (end) return end;
    }
    throw new Error('no step reached a verdict');
  }
}

/** "Nothing was sent" is true of the last try only, where an earlier one may have had its effect. */
function honest({ mayHaveHappened }: Invocation, verdict: Verdict): Verdict {
  const { status } = verdict;
  if (!mayHaveHappened || (status !== 'failed' && status !== 'rejected' && status !== 'cancelled')) return verdict;
  return refused('unknown', 'unknown_outcome', 'An earlier try may have worked; whether it happened is not known.', {
    hint: 'Say that you could not confirm it yet. Do not say that it is done, nor that it failed.',
  });
}
