import type { Outcome } from './outcome.ts';
import { invocationSubject } from './play.ts';
import type { Finding, PlayedConversation, PlayedInvocation } from './played.ts';

/** What became of the writes that were tried around a read-back. */
export interface ConsentCount {
  readBacks: number;
  affirmed: number;
  negated: number;
  falseCommits: MisjudgedAnswer[];
  falseRefusals: MisjudgedAnswer[];
}

/** An answer that the platform took otherwise than it was recorded. */
export interface MisjudgedAnswer extends Finding {
  sessionId: string;
  invocationId: string;
  /** As the player spoke it. */
  words: string;
}

/** A wrong yes is never allowed; so many real ones may need a second question. */
export const ALLOWED_REFUSALS_SHARE = 0.02;

/** A write that has left, or may have. */
export function isCommitted({ status, attempts }: Outcome): boolean {
  return attempts > 0 || !['needs_confirmation', 'rejected', 'cancelled'].includes(status);
}

/** Counts the answers of the recording, and those that led to the opposite. */
export function countConsent(played: PlayedConversation[]): ConsentCount {
  const answers = played.flatMap((conversation) =>
    conversation.invocations
      .filter(({ call }) => call.consent?.stage === 'answered')
      .map((invocation) => ({ said: invocation.call.consent?.said, committed: isCommitted(invocation.outcome), misjudged: wordsOf(conversation, invocation) })),
  );
  const withAnswer = (said: 'yes' | 'no') => answers.filter((answer) => answer.said === said);
  return {
    readBacks: answers.length,
    affirmed: withAnswer('yes').length,
    negated: withAnswer('no').length,
    falseCommits: withAnswer('no').filter(({ committed }) => committed).map(({ misjudged }) => misjudged),
    falseRefusals: withAnswer('yes').filter(({ committed }) => !committed).map(({ misjudged }) => misjudged),
  };
}

function wordsOf({ name, sessionId, turns }: PlayedConversation, { number, turnIndex, call, outcome }: PlayedInvocation): MisjudgedAnswer {
  const words = turns[turnIndex]?.text ?? '';
  const problem = `"${words}" was answered ${outcome.status}${outcome.error === null ? '' : ` (${outcome.error})`}`;
  return { conversation: name, sessionId: sessionId ?? '', subject: invocationSubject(number, call.tool), invocationId: outcome.invocationId, words, problem };
}
