import type { FunctionSnapshot, Speech } from '@patchbay/contracts/agents';
import type { ConnectionState } from '@patchbay/contracts/connections';
import type { SessionStarted } from '@patchbay/contracts/edge';
import type { OutcomeErrorCode } from '@patchbay/contracts/outcome';
import type { z } from 'zod';
import { mayPass, type BreakerState } from './circuit-breaker.ts';
import { notReady, type ConnectionNeeds } from './readiness.ts';

export type UnavailableFunction = z.infer<typeof SessionStarted>['unavailable'][number];

/** True whatever the function does, and promises nothing that the agent may have no function for. */
const NOT_ANSWERING: Readonly<Record<Speech['language'], string>> = {
  en: 'The system I need for that is not answering at the moment. I can try again in a minute, or we go on with something else.',
  es: 'El sistema que necesito para eso no responde en este momento. Puedo intentarlo de nuevo en un minuto, o seguimos con otra cosa.',
  de: 'Das System dafür antwortet gerade nicht. Ich kann es in einer Minute noch einmal versuchen, oder wir machen mit etwas anderem weiter.',
};
const REASON: OutcomeErrorCode = 'breaker_open';

export interface MenuFunction extends Pick<FunctionSnapshot, 'name' | 'effect' | 'connectionId'>, ConnectionNeeds {
  /** Of the provider that answers it; null where none does. */
  providerKey: string | null;
}

/** What of the world outside decides about a menu, as it is now. */
export interface MenuFacts {
  breakerOf(providerKey: string): BreakerState;
  connectionOf(connectionId: string): ConnectionState | undefined;
}

/** What of a version's functions would be refused now. A half-open breaker gives its reads back first: they find out whether the provider is. */
export function unavailableFunctions(functions: Iterable<MenuFunction>, facts: MenuFacts, language: Speech['language']): UnavailableFunction[] {
  const unavailable: UnavailableFunction[] = [];
  for (const called of functions) {
    const { name, effect, providerKey, connectionId } = called;
    const problem = connectionId === null ? null : notReady(facts.connectionOf(connectionId), called, language);
    if (problem) unavailable.push({ name, reason: problem.reason, say: problem.say });
    else if (providerKey !== null && !mayPass(facts.breakerOf(providerKey), effect)) unavailable.push({ name, reason: REASON, say: NOT_ANSWERING[language] });
  }
  return unavailable;
}
