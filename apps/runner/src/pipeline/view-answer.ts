import { joinHeaders, type AnswerView } from '@patchbay/egress/answer-view';
import { readBody } from '@patchbay/egress/read-body';
import type { Answered } from '@patchbay/egress/send-result';

/** An answer as the conditions of an action see it. */
export function viewOf(answer: Answered): AnswerView {
  return { status: answer.status, headers: joinHeaders(answer.headers), body: readBody(answer).value };
}
