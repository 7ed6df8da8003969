import type { FunctionSnapshot, Speech } from '@patchbay/contracts/agents';
import type { HttpRequestTemplate } from '@patchbay/contracts/action';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import { compileCondition, type Condition } from '@patchbay/egress/compile-condition';
import { compileTemplate, type RenderTemplate } from '@patchbay/egress/compile-template';
import { readRequestPlan } from '@patchbay/egress/request-plan';
import { compileResponse, type ShapeResponse } from '@patchbay/egress/shape-response';
import { compileArguments, type PrepareArguments } from '../arguments/compile-arguments.ts';
import { providerKey } from '../guards/provider-key.ts';

export interface CompiledVerify {
  http: HttpRequestTemplate;
  isDone: Condition;
  isNotDone: Condition | undefined;
}

export interface CompiledPoll {
  http: HttpRequestTemplate;
  everyMs: number;
  maxMs: number;
  isDone: Condition;
  hasFailed: Condition | undefined;
}

export interface CompiledFunction extends Omit<FunctionSnapshot, 'verify' | 'poll'> {
  /** Path of the URL template, for span names: low in cardinality and free of arguments. */
  urlTemplate: string;
  /** Where its requests go; null for functions of the call itself. */
  origin: string | null;
  serverAddress: string;
  serverPort: number;
  /** What its provider's limits, breaker and retry budget are kept by; null for functions of the call itself. */
  providerKey: string | null;
  /** Why the definition cannot be used, asked before anything is done with it. Compiles all that is not compiled yet. */
  defect: () => Error | undefined;
  prepare: PrepareArguments;
  shape: ShapeResponse;
  /** Said about an empty answer where the rules have no sentence for it. */
  sayEmpty: string | undefined;
  readBack: RenderTemplate | undefined;
  verify: CompiledVerify | undefined;
  poll: CompiledPoll | undefined;
}

/** A write that answers nothing has worked all the same. */
const DONE: Record<Speech['language'], string> = { en: 'Done.', es: 'Hecho.', de: 'Erledigt.' };

interface CompileOptions {
  speech: Speech;
  /** Told once of a definition that cannot be used. */
  onDefect: (defect: Error) => void;
}

/**
 * Everything about a function that does not change from call to call. The dear parts (a JSON Schema, conditions) are compiled when `defect` is
 * first asked, or one by one when they are first used: an agent may have a hundred functions, a call uses a few.
 */
export function compileFunction(organizationId: string, snapshot: FunctionSnapshot, { speech, onDefect }: CompileOptions): CompiledFunction {
  const { verify, poll, ...rest } = snapshot;
  const { http, confirmation, response } = snapshot;
  const sayEmpty = EFFECT_RULES[snapshot.effect].changesTheWorld ? DONE[speech.language] : undefined;
  const url = http ? URL.parse(http.url.replaceAll(/[{}]/g, '_')) : null;
  const compilers: (() => unknown)[] = [http, verify?.http, poll?.http].flatMap((one) => (one ? [() => readRequestPlan(one)] : []));
  const onFirstUse = lazily(compilers);
  return {
    ...rest,
    urlTemplate: http ? pathOf(http.url) : '',
    origin: url?.origin ?? null,
    serverAddress: url?.hostname ?? '',
    serverPort: Number(url?.port) || (url?.protocol === 'http:' ? 80 : 443),
    providerKey: http && URL.canParse(http.url) ? providerKey(organizationId, snapshot) : null,
    defect: once(() => firstDefect(compilers, onDefect)),
    prepare: onFirstUse(() => compileArguments({ ...rest, schema: snapshot.schema ?? snapshot.parameters, speech })),
    shape: onFirstUse(() => compileResponse(response, { sayEmpty })),
    sayEmpty,
    readBack: confirmation?.readBack === undefined ? undefined : onFirstUse(() => compileTemplate(confirmation.readBack!)),
    verify: verify && {
      http: verify.http,
      isDone: onFirstUse(() => compileCondition(verify.done)),
      isNotDone: verify.notDone === undefined ? undefined : onFirstUse(() => compileCondition(verify.notDone!)),
    },
    poll: poll && {
      http: poll.http,
      everyMs: poll.everyMs,
      maxMs: poll.maxMs,
      isDone: onFirstUse(() => compileCondition(poll.done)),
      hasFailed: poll.failed === undefined ? undefined : onFirstUse(() => compileCondition(poll.failed!)),
    },
  };
}

/** Makes functions that are compiled when they are first called, and adds what compiles them to `compilers`. */
function lazily(compilers: (() => unknown)[]) {
  return <A extends unknown[], R>(compile: () => (...args: A) => R): ((...args: A) => R) => {
    const compiled = once(compile);
    compilers.push(compiled);
    return (...args) => compiled()(...args);
  };
}

function once<R>(make: () => R): () => R {
  let made: { value: R } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A definition comes from outside: whatever keeps it from being compiled is its own defect, and no call may fail of it. */
function firstDefect(compilers: (() => unknown)[], onDefect: (defect: Error) => void): Error | undefined {
  try {
    for (const compile of compilers) compile();
    return undefined;
  } catch (error) {
    const defect = error instanceof Error ? error : new Error(String(error));
    onDefect(defect);
    return defect;
  }
}

function pathOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0];
  return path || '/';
}
