import type { Speech } from '@patchbay/contracts/agents';
import type { ConnectionState } from '@patchbay/contracts/connections';
import type { OutcomeErrorCode } from '@patchbay/contracts/outcome';

/** Why a function cannot use its connection; `message` for a model, `say` for the caller. */
export interface NotReady {
  reason: OutcomeErrorCode;
  message: string;
  say: string;
}

/** True whatever is wrong: a caller need not hear of accounts and permissions. */
const NOT_CONNECTED: Readonly<Record<Speech['language'], string>> = {
  en: 'I cannot do that at the moment. I can take a note of it, or we go on with something else.',
  es: 'En este momento no puedo hacerlo. Puedo tomar nota, o seguimos con otra cosa.',
  de: 'Das kann ich gerade nicht erledigen. Ich kann es notieren, oder wir machen mit etwas anderem weiter.',
};

/** Whether what is known of a connection speaks against using it. Nothing known: it is tried, and its owner says no. */
export function notReady(state: ConnectionState | undefined, requiredScopes: readonly string[] | undefined, language: Speech['language']): NotReady | null {
  const problem = state && (lifecycleProblem(state) ?? healthProblem(state) ?? scopeProblem(state, requiredScopes ?? []));
  return problem ? { ...problem, say: NOT_CONNECTED[language] } : null;
}

type Problem = Omit<NotReady, 'say'>;

function lifecycleProblem({ lifecycle }: ConnectionState): Problem | null {
  if (lifecycle === 'active') return null;
  const why = { draft: 'was never finished', disabled: 'was switched off', deleted: 'was deleted' }[lifecycle];
  return { reason: 'connection_missing', message: `The connection to the account of this function ${why}. Nothing was sent.` };
}

function healthProblem({ health }: ConnectionState): Problem | null {
  if (health !== 'reconnect_required' && health !== 'revoked') return null;
  return { reason: 'credential_invalid', message: 'The account of this function must be connected again. Nothing was sent.' };
}

function scopeProblem({ grantedScopes }: ConnectionState, required: readonly string[]): Problem | null {
  if (grantedScopes === null) return null;
  const missing = required.filter((scope) => !grantedScopes.includes(scope));
  if (missing.length === 0) return null;
  return { reason: 'scope_missing', message: `The connected account may not do this: ${missing.join(', ')} was not granted. Nothing was sent.` };
}
