import type { Speech } from '@patchbay/contracts/agents';
import type { RenderTemplate } from '@patchbay/egress/compile-template';
import { RuleError } from '@patchbay/egress/rule-error';
import type { CompiledFunction } from '../outside/agent-functions.ts';

interface Wording {
  ask: (what: string, values: string) => string;
  again: (what: string, values: string) => string;
  and: string;
}

/** What is read to the caller where the builder wrote nothing. */
const WORDING: Record<Speech['language'], Wording> = {
  en: {
    ask: (what, values) => `I am about to ${what}${values && ` with ${values}`}. Shall I go ahead?`,
    again: (what, values) => `This was done already: ${what}${values && ` with ${values}`}. Do you want it done a second time?`,
    and: 'and',
  },
  es: {
    ask: (what, values) => `Voy a hacer lo siguiente: ${what}${values && ` con ${values}`}. ¿Continúo?`,
    again: (what, values) => `Esto ya se hizo: ${what}${values && ` con ${values}`}. ¿Quiere que se haga una segunda vez?`,
    and: 'y',
  },
  de: {
    ask: (what, values) => `Ich werde jetzt Folgendes tun: ${what}${values && ` mit ${values}`}. Soll ich?`,
    again: (what, values) => `Das ist schon geschehen: ${what}${values && ` mit ${values}`}. Soll es ein zweites Mal geschehen?`,
    and: 'und',
  },
};

/** The sentence that the caller must say yes to, from the checked arguments. */
export function readBackOf(called: CompiledFunction, args: Record<string, unknown>, { language }: Speech): string {
  const written = called.readBack && rendered(called.readBack, args);
  if (written) return written;
  const { ask, and } = WORDING[language];
  return ask(words(called.name), spokenValues(args, and));
}

/** A template that names an argument which was not given says nothing; then the plain sentence does. */
function rendered(readBack: RenderTemplate, args: Record<string, unknown>): string {
  try {
    return readBack({ arguments: args });
  } catch (error) {
    if (error instanceof RuleError) return '';
    throw error;
  }
}

/** The sentence that offers to do the same a second time. */
export function secondReadBackOf(called: CompiledFunction, args: Record<string, unknown>, { language }: Speech): string {
  const { again, and } = WORDING[language];
  return again(words(called.name), spokenValues(args, and));
}

function spokenValues(args: Record<string, unknown>, and: string): string {
  const values = Object.entries(args).map(([name, value]) => `${words(name)} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  return listed(values, and);
}

function words(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
}

function listed(values: string[], and: string): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} ${and} ${values.at(-1)}`;
}
