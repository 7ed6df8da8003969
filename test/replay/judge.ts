import type { RecordedTool } from './conversation.ts';
import { invocationSubject } from './play.ts';
import type { Finding, PlayedConversation, PlayedInvocation } from './played.ts';
import type { Receipt } from './provider-requests.ts';

/** Where an outcome and the provider's own log contradict each other, or the recording. */
export function contradictions(played: PlayedConversation[], log: Receipt[], tools: RecordedTool[]): Finding[] {
  const received = Map.groupBy(log, ({ callId }) => callId);
  const reads = new Set(tools.filter(({ effect }) => effect === 'read').map(({ name }) => name));
  return played.flatMap(({ name, invocations }) =>
    invocations.flatMap((invocation) => {
      const requests = received.get(invocation.callId)?.length ?? 0;
      const problem = contradiction(invocation, requests, reads.has(invocation.call.tool));
      return problem === null ? [] : [{ conversation: name, subject: invocationSubject(invocation.number, invocation.call.tool), problem }];
    }),
  );
}

function contradiction({ call, outcome }: PlayedInvocation, requests: number, isRead: boolean): string | null {
  const answer = `${outcome.status}${outcome.error === null ? '' : ` (${outcome.error})`}`;
  if (outcome.replayed) return null;
  const expected = call.answer.status === 200 ? 'succeeded' : 'failed';
  if (outcome.status !== expected) return `was answered ${answer}; by the recorded answer it is ${expected}`;
  if (requests === 0) return `was answered ${answer}, but the provider has not received it`;
  if (requests > 1 && !isRead) return `is a write, and the provider received it ${requests} times`;
  return null;
}

/** Requests whose arguments, method or path are not those of any recorded call; a wrong secret is not one of them. */
export function argumentMismatches(played: PlayedConversation[], log: Receipt[]): Finding[] {
  const conversationOf = new Map(
    played.flatMap(({ name, invocations }) => invocations.map(({ outcome }) => [outcome.invocationId, name] as const)),
  );
  return log
    .filter(({ callId, authorization }) => callId === null && authorization === 'valid')
    .map(({ tool, method, headers, problem }) => ({
      conversation: conversationOf.get(headers.webhookId ?? '') ?? 'the provider',
      subject: `${method} /${tool}`,
      problem: problem ?? 'matches no recorded call',
    }));
}
