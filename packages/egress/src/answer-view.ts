import type { ResponseHeaders } from './send-result.ts';

/** An answer as conditions see it. */
export interface AnswerView {
  status: number;
  /** Names in lower case; a header that came more than once is joined with a comma. */
  headers: Record<string, string>;
  /** The JSON, the text of an answer that is no JSON, or null when it is empty or cannot be read. */
  body: unknown;
}

/** One text for each name. */
export function joinHeaders(headers: ResponseHeaders): Record<string, string> {
  const joined: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined.push([name, Array.isArray(value) ? value.join(', ') : value]);
  }
  return Object.fromEntries(joined);
}
