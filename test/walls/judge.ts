import type { Things } from './sample.ts';

/** What came of one request with somebody else's things. */
export interface Answer {
  /** Route or subject. */
  what: string;
  sent: unknown;
  /** The code of the error; undefined where it was not one. */
  code: string | undefined;
  details?: unknown;
  text: string;
}

/** Chosen by the edge: what the intruder has sent as such stands in its own spans. */
const OF_THE_EDGE = ['turn', 'toolCall'];

export interface Judged {
  leaks: string[];
  /** It was refused for its form, so nothing was learnt about the wall behind. */
  unexercised: string | null;
}

/** @param marker stands in everything that the other organization has written */
export function judge({ what, sent, code, details, text }: Answer, things: Things, marker: string): Judged {
  const given = JSON.stringify(sent ?? null);
  const ids = Object.entries(things).flatMap(([noun, id]) => (OF_THE_EDGE.includes(noun) ? [] : [id]));
  const shown = [...new Set([marker, ...ids])].filter((word) => text.includes(word) && !given.includes(word));
  return {
    leaks: shown.map((word) => `${what} shows ${word}: ${text.slice(0, 300)}`),
    unexercised: code === 'invalid_arguments' && !isAboutThings(details, things, sent) ? `${what} was refused for its form: ${text.slice(0, 300)}` : null,
  };
}

/** "No such tool" about a field that holds an id: behind the form somebody looked for the thing. */
function isAboutThings(details: unknown, things: Things, sent: unknown): boolean {
  const { fields } = (details ?? {}) as { fields?: { path: string }[] };
  const ids = new Set(Object.values(things));
  return (fields ?? []).length > 0 && fields!.every(({ path }) => ids.has(String(valueAt(sent, path))));
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
}
