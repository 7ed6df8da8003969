import { Injectable } from '@nestjs/common';
import type { AnswerView } from '@patchbay/egress/answer-view';
import { setTimeout as delay } from 'node:timers/promises';
import { refused, type Verdict } from '../domain/verdict.ts';
import type { CompiledPoll } from '../outside/compile-function.ts';
import { ProviderGate } from '../outside/provider-gate.ts';
import { Provider } from '../outside/provider.ts';
import { attemptEvidence, requestEvidence } from './attempt-evidence.ts';
import { buildRequest } from './build-request.ts';
import type { Invocation } from './invocation.ts';
import { readAnswer } from './read-answer.ts';
import { viewOf } from './view-answer.ts';

/** One question; the provider has said that it takes longer. */
const CHECK_TIMEOUT_MS = 10_000;

/** An action that only starts something has ended when the provider says so: the platform asks, not the model. */
@Injectable()
export class PollResult {
  constructor(
    private readonly provider: Provider,
    private readonly gate: ProviderGate,
  ) {}

  async run(invocation: Invocation, verdict: Verdict): Promise<Verdict> {
    const { poll } = invocation.function!;
    if (!poll || verdict.status !== 'succeeded' || invocation.sent?.kind !== 'answered') return verdict;
    const started = viewOf(invocation.sent);
    const endsAt = performance.now() + poll.maxMs;
    while (performance.now() < endsAt && !invocation.signal.aborted) {
      await delay(poll.everyMs, undefined, { signal: invocation.signal }).catch(() => undefined);
      const end = await this.#check(invocation, poll, started);
      if (end) return end;
    }
    return invocation.changesTheWorld
      ? refused('unknown', 'unknown_outcome', 'It was started, but did not end in time; whether it happened is not known.')
      : refused('failed', 'timeout', 'It was started, but did not end in time.');
  }

  async #check(invocation: Invocation, poll: CompiledPoll, started: AnswerView): Promise<Verdict | null> {
    const startedAt = new Date();
    const args = { ...invocation.arguments, ...fieldsOf(started.body) };
    const named = Object.fromEntries(Object.entries(args).filter(([name]) => poll.http.url.includes(`{${name}}`)));
    const { credential, origin, attempts } = invocation;
    const placed = buildRequest({ http: poll.http, arguments: named, origin: { ...origin, intentId: null }, credential, at: startedAt });
    if ('status' in placed) return placed;
    const { connectionId, toolId } = invocation.function!;
    const admitted = await this.gate.enter(invocation.function!, invocation.organizationId, CHECK_TIMEOUT_MS, 'read');
    // A provider that is down now may have finished all the same; the next check finds out.
    if ('status' in admitted) return null;
    const sent = await this.provider.send({ key: `${invocation.organizationId} ${connectionId ?? toolId}`, ...placed, deadlineMs: CHECK_TIMEOUT_MS });
    admitted.leave(sent, CHECK_TIMEOUT_MS);
    attempts.push(attemptEvidence(requestEvidence({ attempt: attempts.length + 1, kind: 'check', startedAt, placed, credential }), sent));
    if (sent.kind === 'failed') return null;
    const view = viewOf(sent);
    if (poll.isDone(view)) return readAnswer(sent, invocation);
    return poll.hasFailed?.(view) ? refused('failed', 'provider_rejected', 'The provider says that it did not work.') : null;
  }
}

function fieldsOf(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};
}
