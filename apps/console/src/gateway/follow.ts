import { GatewayError, isPassing, type Problem } from './problem.ts';

/** Short enough to follow a call, long enough for a table that nobody looks at closely. */
const REFRESH_MS = 3_000;

export interface Following<T> {
  /** The resource as text; throws GatewayError. */
  load(stopped: AbortSignal): Promise<string>;
  /** Whether a later answer may differ. */
  isChanging(data: T): boolean;
  /** Called after each answer; `data` is the same value as before if the answer is. */
  show(data: T | null, problem: Problem | null): void;
}

/** Loads now, and again while the resource may change or the gateway is away, but only while the page is seen. */
export function follow<T>({ load, isChanging, show }: Following<T>): () => void {
  const stopped = new AbortController();
  let timer: number | undefined;
  let text: string | null = null;
  let data: T | null = null;

  /** Returns whether to load again. */
  const refresh = async (): Promise<boolean> => {
    const answer = await load(stopped.signal).then(asText, asProblem);
    if (stopped.signal.aborted) return false;
    if (typeof answer !== 'string') {
      show(data, answer);
      return isPassing(answer);
    }
    if (data === null || answer !== text) data = JSON.parse(answer) as T;
    text = answer;
    show(data, null);
    return isChanging(data);
  };
  const repeat = (isWanted: boolean) => {
    if (isWanted) timer = window.setTimeout(refreshWhenSeen, REFRESH_MS);
  };
  const refreshWhenSeen = () => {
    if (document.visibilityState === 'visible') return void refresh().then(repeat);
    document.addEventListener('visibilitychange', refreshWhenSeen, { once: true, signal: stopped.signal });
  };

  void refresh().then(repeat);
  return () => {
    stopped.abort();
    window.clearTimeout(timer);
  };
}

function asText(text: string): string {
  return text;
}

function asProblem(error: unknown): Problem {
  if (error instanceof GatewayError) return error.problem;
  throw error;
}
