import type { SendResult } from '@patchbay/egress/send-result';
import { headerOf } from './oauth-exchange.ts';

type Answered = Extract<SendResult, { kind: 'answered' }>;

/** What an end point of OAuth says beside what was asked of it. */
export interface OAuthAnswer {
  status: number;
  /** The body, when it is a JSON object. */
  object: Record<string, unknown> | null;
  /** `error` of the body, whatever the status; null: it has none. */
  error: string | null;
  /** As the provider asked for. */
  retryAfterMs: number | null;
}

export function answerOf({ status, headers, body }: Answered): OAuthAnswer {
  const object = parseObject(body.toString());
  const error = object?.['error'];
  return { status, object, error: typeof error === 'string' ? error : null, retryAfterMs: retryAfter(headerOf(headers, 'retry-after')) };
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(value: string | undefined): number | null {
  if (!value) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

/** Null for what is no JSON object. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // A page, or half of an answer: not JSON is all there is to know.
  }
}
