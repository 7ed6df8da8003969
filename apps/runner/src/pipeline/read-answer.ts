import type { OutcomeErrorCode } from '@patchbay/contracts/outcome';
import type { Answered } from '@patchbay/egress/send-result';
import { cleanText, truncate } from '@patchbay/egress/clean-text';
import { refused, type Verdict } from '../domain/verdict.ts';

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

/** What a complete answer of the provider means. A 5xx to a write proves nothing: it may have happened. */
export function readAnswer(answer: Answered, changesTheWorld: boolean): Verdict {
  const { status } = answer;
  if (answer.redirectRefused) return refused('failed', 'provider_rejected', 'The provider answered with a redirect, which is not followed.');
  if (status >= 500) {
    return changesTheWorld
      ? refused('unknown', 'unknown_outcome', `The provider answered ${status}; whether it happened is not known.`)
      : refused('failed', 'provider_error', `The provider failed (${status}).`);
  }
  if (status === 408 && changesTheWorld) return refused('unknown', 'unknown_outcome', 'The provider gave up waiting; whether it happened is not known.');
  const content = readContent(answer);
  const sentences = content.readable ? sentencesOf(content.result) : {};
  if (status >= 400) {
    const known = REFUSALS[status] ?? { code: 'provider_rejected', message: `The provider refused the request (${status}).` };
    const retryAfterMs = retryAfterOf(answer);
    return { ...refused('failed', known.code, known.message, retryAfterMs === null ? {} : { retryAfterMs }), ...sentences };
  }
  if (content.readable) return { status: 'succeeded', result: content.result, ...sentences };
  return changesTheWorld
    ? refused('unknown', 'provider_unreadable', 'The provider’s answer cannot be read; whether it happened is not known.')
    : refused('failed', 'provider_unreadable', 'The provider’s answer cannot be read.');
}

/** JSON as it is, unless it is too long for a model; anything else as text. */
function readContent({ body, headers }: Answered): { readable: true; result: unknown } | { readable: false } {
  const text = cleanText(body.toString('utf8'));
  if (text.trim() === '') return { readable: true, result: null };
  if (!/\bjson\b/.test(String(headers['content-type'] ?? ''))) return { readable: true, result: truncate(text) };
  const short = truncate(text);
  try {
    const result: unknown = JSON.parse(text);
    return { readable: true, result: short === text ? result : short };
  } catch {
    return { readable: false };
  }
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

/** `Retry-After` in seconds or as a date, as milliseconds from now. */
function retryAfterOf({ headers }: Answered): number | null {
  const value = String(headers['retry-after'] ?? '');
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
