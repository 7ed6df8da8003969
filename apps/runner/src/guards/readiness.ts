import type { FunctionSnapshot, Speech } from '@patchbay/contracts/agents';
import { maySendTo } from '@patchbay/contracts/connection-origins';
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

/** What a function needs of its connection. */
export interface ConnectionNeeds extends Pick<FunctionSnapshot, 'requiredScopes'> {
  /** Where its requests go; null for one that sends none. */
  origin: string | null;
}

/** Whether what is known of a connection speaks against using it. Nothing known: it is tried, and its owner says no. */
export function notReady(state: ConnectionState | undefined, { requiredScopes, origin }: ConnectionNeeds, language: Speech['language']): NotReady | null {
  if (!state) return null;
  const problem = lifecycleProblem(state) ?? healthProblem(state) ?? originProblem(state, origin) ?? scopeProblem(state, requiredScopes ?? []);
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

/** The sender refuses it too, by what it is given with the secret; here it costs no caller a yes. */
function originProblem({ origins }: ConnectionState, origin: string | null): Problem | null {
  if (origin === null || maySendTo(origins, origin)) return null;
  return { reason: 'egress_blocked', message: outsideOrigins(origin) };
}

export function outsideOrigins(origin: string): string {
  return `The account of this function may not be used for ${origin}; nothing was sent. If it should be, that address must be added to the origins of its connection.`;
}

function scopeProblem({ grantedScopes }: ConnectionState, required: readonly string[]): Problem | null {
  if (grantedScopes === null) return null;
  const missing = required.filter((scope) => !grantedScopes.includes(scope));
  if (missing.length === 0) return null;
  return { reason: 'scope_missing', message: `The connected account may not do this: ${missing.join(', ')} was not granted. Nothing was sent.` };
}
