import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import type { ResolvedConnection } from '@patchbay/contracts/connections';
import type { Attempt } from '@patchbay/contracts/runner';
import type { SendResult } from '@patchbay/egress/send-result';
import { setTimeout as delay } from 'node:timers/promises';
import { refused, type Verdict } from '../domain/verdict.ts';
import { attemptEvidence, requestEvidence } from '../pipeline/attempt-evidence.ts';
import { buildRequest, type RequestOrigin } from '../pipeline/build-request.ts';
import { readAnswer } from '../pipeline/read-answer.ts';
import { viewOf } from '../pipeline/view-answer.ts';
import type { CompiledFunction } from './agent-functions.ts';
import { CredentialCache } from './credential-cache.ts';
import { ProviderGate } from './provider-gate.ts';
import { Provider } from './provider.ts';

/** One question; the provider has said that it takes longer. */
const CHECK_TIMEOUT_MS = 10_000;
/** A question every quarter of a second for an hour would be 14,400 records. The seal covers attempts up to 99. */
const MAX_KEPT = 90;

/** Something that a provider works on. */
export interface Watched {
  called: CompiledFunction;
  arguments: Record<string, unknown>;
  /** For the placeholders of the question's URL. */
  values: Record<string, unknown>;
  origin: RequestOrigin;
  /** Gets those of the questions; has those that were sent before. */
  attempts: Attempt[];
  leftMs: number;
  /** Aborted: nobody wants to know any more. */
  signal?: AbortSignal;
}

/** How it ended, and how often the provider was asked; null: this process stops, and has not seen its end. */
export type Watching = { verdict: Verdict; checks: number } | null;

/** Asks the provider until what was started has ended. */
@Injectable()
export class Poller implements OnModuleDestroy {
  readonly #stop = new AbortController();

  constructor(
    private readonly provider: Provider,
    private readonly gate: ProviderGate,
    private readonly credentials: CredentialCache,
  ) {}

  /** While others can still be told: what is watched here is theirs now. */
  onModuleDestroy(): void {
    this.#stop.abort();
  }

  async watch(watched: Watched): Promise<Watching> {
    const { called, leftMs } = watched;
    const endsAt = performance.now() + leftMs;
    const signal = watched.signal ? AbortSignal.any([watched.signal, this.#stop.signal]) : this.#stop.signal;
    let checks = 0;
    // Once at least: it may have ended while nobody was there to ask.
    do {
      await delay(called.poll!.everyMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      checks++;
      const verdict = await this.#check(watched, signal);
      if (verdict) return { verdict, checks };
    } while (performance.now() < endsAt);
    if (this.#stop.signal.aborted) return null;
    return { verdict: watched.signal?.aborted ? CANCELLED : unfinished(called), checks };
  }

  async #check({ called, arguments: args, values, origin, attempts }: Watched, signal: AbortSignal): Promise<Verdict | null> {
    const startedAt = new Date();
    const poll = called.poll!;
    const credential = await this.#credential(called, origin);
    // Without its secret the provider tells nothing; the next check may have it.
    if (credential === null) return null;
    const placed = buildRequest({ http: poll.http, arguments: values, origin: { ...origin, intentId: null }, credential, at: startedAt });
    if ('status' in placed) return placed;
    const admitted = await this.gate.enter(called, origin.organizationId, CHECK_TIMEOUT_MS, 'read');
    // A provider that is down now may have finished all the same; the next check finds out.
    if ('status' in admitted) return null;
    const key = `${origin.organizationId} ${called.connectionId ?? called.toolId}`;
    const sent = await this.provider.send({ key, ...placed, deadlineMs: CHECK_TIMEOUT_MS, signal });
    admitted.leave(sent, CHECK_TIMEOUT_MS);
    const verdict = this.#verdict(sent, watchedBy(called, args));
    const attempt = (attempts.at(-1)?.attempt ?? 0) + 1;
    keep(attempts, attemptEvidence(requestEvidence({ attempt, kind: 'check', startedAt, placed, credential }), sent), verdict !== null);
    return verdict;
  }

  #verdict(sent: SendResult, asked: Parameters<typeof readAnswer>[1]): Verdict | null {
    if (sent.kind === 'failed') return null;
    const { isDone, hasFailed } = asked.function!.poll!;
    const view = viewOf(sent);
    if (isDone(view)) return readAnswer(sent, asked);
    return hasFailed?.(view) ? refused('failed', 'provider_rejected', 'The provider says that it did not work.') : null;
  }

  /** As it is now: a poll may outlast a token. Null when there is none to be had. */
  async #credential({ connectionId }: CompiledFunction, { organizationId, invocationId }: RequestOrigin): Promise<ResolvedConnection | undefined | null> {
    if (connectionId === null) return undefined;
    const known = this.credentials.get(organizationId, connectionId);
    return known ?? this.credentials.resolve(organizationId, connectionId, CHECK_TIMEOUT_MS, invocationId).catch(() => null);
  }
}

export const CANCELLED = refused('cancelled', 'cancelled', 'It was cancelled.');

/** What did not end in time: a write may have happened all the same. */
export function unfinished({ effect }: Pick<CompiledFunction, 'effect'>): Verdict {
  return EFFECT_RULES[effect].changesTheWorld
    ? refused('unknown', 'unknown_outcome', 'It was started, but did not end in time; whether it happened is not known.')
    : refused('failed', 'timeout', 'It was started, but did not end in time.');
}

function watchedBy(called: CompiledFunction, args: Record<string, unknown>): Parameters<typeof readAnswer>[1] {
  return { function: called, arguments: args, changesTheWorld: EFFECT_RULES[called.effect].changesTheWorld };
}

/** An answer that says what the one before it said takes its place, and so does any when there are many; the last stays. */
function keep(attempts: Attempt[], check: Attempt, isLast: boolean): void {
  const before = attempts.at(-1);
  const saysTheSame = before?.kind === 'check' && before.status === check.status && before.errorCode === check.errorCode && before.responsePreview === check.responsePreview;
  const takesItsPlace = before?.kind === 'check' && (attempts.length >= MAX_KEPT || (saysTheSame && !isLast));
  if (takesItsPlace) attempts[attempts.length - 1] = { ...check, attempt: before.attempt };
  else attempts.push(check);
}
