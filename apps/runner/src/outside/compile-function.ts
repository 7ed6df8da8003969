import type { FunctionSnapshot, Speech } from '@patchbay/contracts/agents';
import type { HttpRequestTemplate } from '@patchbay/contracts/action';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import { compileCondition, type Condition } from '@patchbay/egress/compile-condition';
import { compileTemplate, type RenderTemplate } from '@patchbay/egress/compile-template';
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
  serverAddress: string;
  serverPort: number;
  /** What its provider's limits, breaker and retry budget are kept by; null for functions of the call itself. */
  providerKey: string | null;
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

/**
 * Everything about a function that does not change from call to call. The dear parts (a JSON Schema, conditions) are compiled when the
 * function is first called: an agent may have a hundred functions, a call uses a few.
 */
export function compileFunction(organizationId: string, snapshot: FunctionSnapshot, speech: Speech): CompiledFunction {
  const { verify, poll, ...rest } = snapshot;
  const sayEmpty = EFFECT_RULES[snapshot.effect].changesTheWorld ? DONE[speech.language] : undefined;
  const url = snapshot.http && new URL(snapshot.http.url.replaceAll(/[{}]/g, '_'));
  return {
    ...rest,
    urlTemplate: snapshot.http ? pathOf(snapshot.http.url) : '',
    serverAddress: url?.hostname ?? '',
    serverPort: Number(url?.port) || (url?.protocol === 'http:' ? 80 : 443),
    providerKey: providerKey(organizationId, snapshot),
    prepare: onFirstUse(() =>
      compileArguments({ schema: snapshot.schema ?? snapshot.parameters, static: snapshot.static, bound: snapshot.bound, origins: snapshot.origins, speech }),
    ),
    shape: onFirstUse(() => compileResponse(snapshot.response, { sayEmpty })),
    sayEmpty,
    readBack: snapshot.confirmation?.readBack === undefined ? undefined : onFirstUse(() => compileTemplate(snapshot.confirmation!.readBack!)),
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

function onFirstUse<A extends unknown[], R>(compile: () => (...args: A) => R): (...args: A) => R {
  let compiled: ((...args: A) => R) | undefined;
  return (...args) => (compiled ??= compile())(...args);
}

function pathOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0];
  return path || '/';
}
