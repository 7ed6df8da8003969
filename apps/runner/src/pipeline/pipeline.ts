import { Injectable } from '@nestjs/common';
import type { Verdict } from '../domain/verdict.ts';
import { WaitingLines } from '../outside/waiting-lines.ts';
import { AskConsent } from './ask-consent.ts';
import { CheckArguments } from './check-arguments.ts';
import { CommitIntent } from './commit-intent.ts';
import { GiveDirective } from './give-directive.ts';
import { GuardCall } from './guard-call.ts';
import type { Invocation, Step } from './invocation.ts';
import { JoinRepeat } from './join-repeat.ts';
import { LimitCall } from './limit-call.ts';
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
  LimitCall,
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
    limitCall: LimitCall,
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
      limitCall,
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
      const verdict = await this.#firstVerdict(invocation);
      const { poll, verify } = invocation.function!;
      if (!invocation.sent || (!poll && !verify)) return verdict;
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
