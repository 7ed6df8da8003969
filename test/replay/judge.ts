import { canonicalJson } from './canonical-json.ts';
import { isCommitted } from './consent-count.ts';
import type { RecordedAnswer, RecordedCall, RecordedTool } from './conversation.ts';
import type { Outcome } from './outcome.ts';
import { invocationSubject } from './play.ts';
import type { Finding, PlayedConversation, PlayedInvocation } from './played.ts';
import type { Receipt } from './provider-requests.ts';

/** Where an outcome and the provider's own log contradict each other, or the recording. */
export function contradictions(played: PlayedConversation[], log: Receipt[], tools: RecordedTool[]): Finding[] {
  const requests = Map.groupBy(log, ({ callId }) => callId);
  const reads = new Set(tools.filter(({ effect }) => effect === 'read').map(({ name }) => name));
  const recorded = recordedResults(played);
  return played.flatMap(({ name, invocations }) =>
    invocations.flatMap((invocation) => {
      const { number, callId, call } = invocation;
      const problem =
        contradiction(invocation, requests.get(callId)?.length ?? 0, reads.has(call.tool)) ??
        wrongResult(invocation, recorded.get(keyOf(invocation)));
      return problem === null ? [] : [{ conversation: name, subject: invocationSubject(number, call.tool), problem }];
    }),
  );
}

function contradiction({ call, outcome }: PlayedInvocation, requests: number, isRead: boolean): string | null {
  const answer = worded(outcome);
  if (outcome.replayed) return null;
  if (call.consent && !isCommitted(outcome)) return consentContradiction(call.consent, outcome, requests);
  const expected = call.answer.status === 200 ? 'succeeded' : 'failed';
  if (outcome.status !== expected) return `was answered ${answer}; by the recorded answer it is ${expected}`;
  if (requests === 0) return `was answered ${answer}, but the provider has not received it`;
  if (requests > 1 && !isRead) return `is a write, and the provider received it ${requests} times`;
  return null;
}

function worded({ status, error }: Outcome): string {
  return `${status}${error === null ? '' : ` (${error})`}`;
}

const HELD_BACK: ReadonlySet<string> = new Set(['needs_confirmation', 'rejected']);

/** Whether somebody agreed is counted for itself; here it is only whether the platform keeps to its own answer. */
function consentContradiction(consent: NonNullable<RecordedCall['consent']>, outcome: Outcome, requests: number): string | null {
  const answer = worded(outcome);
  if (requests > 0) return `was answered ${answer}, but the provider has received it`;
  if (consent.stage === 'asked') return outcome.status === 'needs_confirmation' ? null : `was answered ${answer}; before the read-back it is needs_confirmation`;
  return HELD_BACK.has(outcome.status) ? null : `was answered ${answer}; after the caller's answer it is done, asked again or refused`;
}

/** Equal calls of two conversations may get each other's answer, so any answer recorded for these arguments will do. */
function wrongResult({ outcome }: PlayedInvocation, recorded: Set<string> | undefined): string | null {
  if (outcome.status !== 'succeeded' || recorded?.has(canonicalJson(outcome.result))) return null;
  return 'carries a result that was never recorded for these arguments';
}

function recordedResults(played: PlayedConversation[]): Map<string, Set<string>> {
  const results = new Map<string, Set<string>>();
  for (const invocation of played.flatMap(({ invocations }) => invocations)) {
    const known = results.get(keyOf(invocation)) ?? new Set();
    results.set(keyOf(invocation), known.add(canonicalJson(resultOf(invocation.call.answer))));
  }
  return results;
}

function keyOf({ call }: PlayedInvocation): string {
  return `${call.tool} ${canonicalJson(call.arguments)}`;
}

/** What a model is to read of a recorded answer: JSON as a value, sentences as text, nothing as null. */
function resultOf({ contentType, body }: RecordedAnswer): unknown {
  if (body === '') return null;
  return contentType === 'application/json' ? JSON.parse(body) : body;
}

/** Requests whose arguments, method or path are not those of any recorded call; a wrong secret is not one of them. */
export function argumentMismatches(played: PlayedConversation[], log: Receipt[]): Finding[] {
  const conversationOf = new Map(
    played.flatMap(({ name, invocations }) => invocations.map(({ outcome }) => [outcome.invocationId, name] as const)),
  );
  return log
    .filter(({ callId, authorization }) => callId === null && authorization === 'valid')
    .map(({ tool, method, headers, problem }) => ({
      conversation: conversationOf.get(headers.webhookId ?? headers.idempotencyKey ?? '') ?? 'the provider',
      subject: `${method} /${tool}`,
      problem: problem ?? 'matches no recorded call',
    }));
}
