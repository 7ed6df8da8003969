import { useCallback, useEffect, useState } from 'react';
import { follow } from './follow.ts';
import type { Problem } from './problem.ts';
import { read } from './read.ts';

export interface Resource<T> {
  data: T | null;
  /** Why the last attempt failed; `data` stays what it was before. */
  problem: Problem | null;
  /** Reads it again now, after something was changed; what is shown stays until the answer is there. */
  reload(): void;
}

type State<T> = Omit<Resource<T>, 'reload'> & { source: string };

interface ResourceRequest<T> {
  /** Null reads nothing. */
  path: string | null;
  /** Null: a person signed in. */
  apiKey: string | null;
  /** Whether a later answer may differ. Declared outside the component: a new function starts reading anew. */
  isChanging(data: T): boolean;
  /** How it is read, when not with one request. A new function starts reading anew; what is shown stays until the answer is there. */
  load?: typeof read;
}

const NOTHING_YET = { data: null, problem: null };

/** Follows a resource of the REST API. An equal answer changes nothing: nothing flickers, an open detail stays open. */
export function useResource<T>({ path, apiKey, isChanging, load = read }: ResourceRequest<T>): Resource<T> {
  const source = `${apiKey} ${path}`;
  const [state, setState] = useState<State<T>>({ source, ...NOTHING_YET });
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((before) => before + 1), []);

  useEffect(() => {
    if (path === null) return;
    return follow<T>({
      load: (stopped) => load(path, apiKey, stopped),
      isChanging,
      show: (data, problem) =>
        setState((before) => {
          const isSame =
            before.source === source && before.data === data && before.problem?.message === problem?.message;
          return isSame ? before : { source, data, problem };
        }),
    });
  }, [path, apiKey, isChanging, load, source, round]);

  // What belongs to the path before must not be shown under the new one.
  const { data, problem } = state.source === source ? state : NOTHING_YET;
  return { data, problem, reload };
}
