import type { HttpRequestTemplate } from '@patchbay/contracts/action';
import type { ToolDefinition } from '@patchbay/contracts/catalog';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { requestProblems } from './http-request.ts';
import type { Parameters } from './parameters.ts';
import { conditionProblems } from './response-rules.ts';
import type { RunnerRules } from './runner-rules.ts';

/** What a verification may take beside the arguments of the write. */
const VERIFY_NAMES = ['intentId', 'invocationId'];

/** What is wrong with the requests that come after the call itself: the read that verifies a write, and the polling of what was started. */
export function followUpProblems(tool: ToolDefinition, parameters: Parameters, rules: RunnerRules): FieldProblem[] {
  return [...verifyProblems(tool, parameters, rules), ...pollProblems(tool, rules)];
}

function verifyProblems({ verify, effect }: ToolDefinition, parameters: Parameters, rules: RunnerRules): FieldProblem[] {
  if (!verify) return [];
  if (effect === 'read') return [{ path: 'verify', problem: 'is of no use: a read has nothing to verify' }];
  const known = {
    has: (name: string) => VERIFY_NAMES.includes(name) || parameters.has(name),
    isOf: (name: string, types: readonly string[]) => VERIFY_NAMES.includes(name) || parameters.isOf(name, types),
    names: [],
  };
  const isSure = (name: string) => VERIFY_NAMES.includes(name) || parameters.isRequired(name);
  const read = rules.readUrl(verify.http.url);
  const placeholders = typeof read === 'string' ? [] : [...read.placeholders];
  const path = 'verify.http.url';
  return [
    ...readProblems(verify.http, 'verify.http', rules),
    ...placeholders.filter((name) => !known.has(name)).map((name) => ({ path, problem: `has {${name}}, which is not among the parameters` })),
    ...placeholders
      .filter((name) => known.has(name) && !isSure(name))
      .map((name) => ({ path, problem: `has {${name}}, which must be a required parameter` })),
    ...requestProblems(verify.http, known, 'verify.http', rules),
    ...conditionProblems(verify.done, 'verify.done', rules),
    ...conditionProblems(verify.notDone, 'verify.notDone', rules),
  ];
}

function pollProblems({ poll }: ToolDefinition, rules: RunnerRules): FieldProblem[] {
  if (!poll) return [];
  const { everyMs, maxMs } = poll;
  // It may take any value of the first answer, which nobody knows yet.
  const anything = { has: () => true, isOf: () => true, names: [] };
  return [
    ...readProblems(poll.http, 'poll.http', rules),
    ...requestProblems(poll.http, anything, 'poll.http', rules),
    ...conditionProblems(poll.done, 'poll.done', rules),
    ...conditionProblems(poll.failed, 'poll.failed', rules),
    ...(everyMs > maxMs ? [{ path: 'poll.everyMs', problem: `is longer than maxMs: it would be asked for ${maxMs} ms and never` }] : []),
  ];
}

/** A question must not change what it asks about: GET, or POST where a provider reads that way. */
function readProblems({ method, url }: HttpRequestTemplate, path: string, rules: RunnerRules): FieldProblem[] {
  const read = rules.readUrl(url);
  return [
    ...(method === 'GET' || method === 'POST' ? [] : [{ path: `${path}.method`, problem: 'must be GET or POST: it only reads' }]),
    ...(typeof read === 'string' ? [{ path: `${path}.url`, problem: read }] : []),
  ];
}
