import type { OutcomeErrorCode } from '@patchbay/contracts/outcome';
import type { Answered } from '@patchbay/egress/send-result';
import type { Shaped } from '@patchbay/egress/shape-response';
import { refused, type Verdict } from '../domain/verdict.ts';
import { retryAfterOf } from './attempt-end.ts';
import type { Invocation } from './invocation.ts';

/** Longer advice is no advice. */
const MAX_SENTENCE_CHARACTERS = 1000;

/** Statuses whose meaning is more than "refused". */
const REFUSALS: Record<number, { code: OutcomeErrorCode; message: string }> = {
  401: { code: 'credential_invalid', message: 'The provider did not accept the account.' },
  403: { code: 'scope_missing', message: 'The account may not do this at the provider.' },
  404: { code: 'not_found', message: 'The provider knows no such thing.' },
  409: { code: 'conflict_existing', message: 'The provider says that this conflicts with what exists.' },
  429: { code: 'throttled', message: 'The provider asks to slow down.' },
};

type Asked = Pick<Invocation, 'function' | 'arguments' | 'changesTheWorld'>;

/** What a complete answer of the provider means. A 5xx to a write proves nothing: it may have happened. */
export function readAnswer(answer: Answered, asked: Asked): Verdict {
  return verdictOn(answer, asked.function!.shape(answer, asked.arguments), asked.changesTheWorld);
}

export function verdictOn(answer: Answered, shaped: Shaped, changesTheWorld: boolean): Verdict {
  if (answer.redirectRefused) return refused('failed', 'provider_rejected', 'The provider answered with a redirect, which is not followed.');
  if (shaped.error) return businessError(shaped.error, answer);
  if (shaped.kind === 'success') return { status: 'succeeded', result: shaped.result, ...sentencesOf(shaped.result), ...(shaped.say ? { say: shaped.say } : {}) };
  if (answer.status >= 400) return httpError(answer, shaped, changesTheWorld);
  if (shaped.kind === 'unreadable') {
    return changesTheWorld
      ? refused('unknown', 'provider_unreadable', 'The provider’s answer cannot be read; whether it happened is not known.')
      : refused('failed', 'provider_unreadable', 'The provider’s answer cannot be read.');
  }
  return { ...refused('failed', 'provider_rejected', 'The provider says that it did not work.'), ...sentencesOf(shaped.body) };
}

/** What the action's own rules say; they may also say that it is not known. */
function businessError({ code, message, say }: NonNullable<Shaped['error']>, answer: Answered): Verdict {
  const status = code === 'unknown_outcome' ? 'unknown' : 'failed';
  const retryAfterMs = retryAfterOf(answer);
  const verdict = refused(status, code, message ?? 'The provider refused.', retryAfterMs === null ? {} : { retryAfterMs });
  return say ? { ...verdict, say } : verdict;
}

function httpError(answer: Answered, shaped: Shaped, changesTheWorld: boolean): Verdict {
  const { status } = answer;
  if (status >= 500) {
    return changesTheWorld
      ? refused('unknown', 'unknown_outcome', `The provider answered ${status}; whether it happened is not known.`)
      : refused('failed', 'provider_error', `The provider failed (${status}).`);
  }
  if (status === 408 && changesTheWorld) return refused('unknown', 'unknown_outcome', 'The provider gave up waiting; whether it happened is not known.');
  const known = REFUSALS[status] ?? { code: 'provider_rejected', message: `The provider refused the request (${status}).` };
  const retryAfterMs = retryAfterOf(answer);
  return { ...refused('failed', known.code, known.message, retryAfterMs === null ? {} : { retryAfterMs }), ...sentencesOf(shaped.body) };
}

/** `say` and `hint` of a JSON object are meant for the agent: the convention of HTTP tools. */
function sentencesOf(result: unknown): Pick<Verdict, 'say' | 'hint'> {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return {};
  const { say, hint } = result as Record<string, unknown>;
  return { ...(isSentence(say) ? { say } : {}), ...(isSentence(hint) ? { hint } : {}) };
}

function isSentence(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_SENTENCE_CHARACTERS;
}
