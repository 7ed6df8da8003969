import { useCallback, useState } from 'react';
import { useAccess } from './access.ts';
import { GatewayError, type Problem } from './problem.ts';
import { send, type Method } from './send.ts';

export interface Change {
  isBusy: boolean;
  /** Why the last one was not done. */
  problem: Problem | null;
  /** Null when it was not done; `problem` says why. */
  make<T>(method: Method, path: string, body?: unknown): Promise<T | null>;
  /** What was refused is no longer what would be asked for. */
  forget(): void;
}

type State = Pick<Change, 'isBusy' | 'problem'>;

const IDLE: State = { isBusy: false, problem: null };

/** One change after another, for a form or a row of buttons. */
export function useChange(): Change {
  const { apiKey, signOut } = useAccess();
  const [state, setState] = useState<State>(IDLE);
  const forget = useCallback(() => setState(IDLE), []);

  const make = useCallback(
    async <T>(method: Method, path: string, body?: unknown): Promise<T | null> => {
      setState({ isBusy: true, problem: null });
      try {
        const done = await send<T>(method, path, apiKey, body);
        setState(IDLE);
        return done;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        const { problem } = error;
        setState({ isBusy: false, problem });
        if (problem.kind === 'refused' && problem.status === 401) signOut('Your access has ended. Sign in again.');
        return null;
      }
    },
    [apiKey, signOut],
  );
  return { ...state, make, forget };
}
