import { HttpRequestTemplate, PollAction, ResponseRules, VerifyAction } from '@patchbay/contracts/action';
import { AgentFunction, Speech } from '@patchbay/contracts/agents';
import { CallControl, Directive } from '@patchbay/contracts/call-control';
import { ConnectionCheck, OAuthSettings } from '@patchbay/contracts/connection-kinds';
import { ErrorBody } from '@patchbay/contracts/errors';
import { jsonSchemas, type NamedSchemas } from '@patchbay/contracts/json-schemas';
import { OutcomeError } from '@patchbay/contracts/outcome';
import { z } from 'zod';
import type { RestOperation } from './rest-operations.ts';

export type Json = Record<string, unknown>;

/**
 * What stands in so many messages that it is said once, beside what names itself. Two schemas of each: what a request may leave out, an
 * answer has.
 */
const SAID_ONCE = {
  AgentFunction,
  CallControl,
  ConnectionCheck,
  HttpRequestTemplate,
  OAuthSettings,
  PollAction,
  ResponseRules,
  Speech,
  VerifyAction,
};
const IN_ANSWERS = { ...SAID_ONCE, Directive, Error: ErrorBody, OutcomeError };

export interface OperationSchemas {
  /** JSON Schema of what each operation takes, by its id. */
  requests: Map<string, Json>;
  /** Name among the components of what each operation answers. */
  replies: Map<string, string>;
  components: Record<string, Json>;
}

export function operationSchemas(operations: RestOperation[]): OperationSchemas {
  const inputs = Object.fromEntries(operations.map(({ operationId, facts }) => [operationId, facts.contract.input]));
  const asInputs = Object.entries(SAID_ONCE).map(([name, schema]) => [`${name}Input`, schema]);
  const taken = jsonSchemas({ ...Object.fromEntries(asInputs), ...inputs } as NamedSchemas, 'input');
  const names = replyNames(operations);
  const given = Object.fromEntries([...names].map(([schema, name]) => [name, schema]));
  const isRequest = (name: string) => name in inputs;
  return {
    requests: new Map(Object.entries(taken).filter(([name]) => isRequest(name))),
    replies: new Map(operations.map(({ operationId, facts }) => [operationId, names.get(facts.contract.output)!])),
    components: {
      ...Object.fromEntries(Object.entries(taken).filter(([name]) => !isRequest(name))),
      ...jsonSchemas(given, 'output'),
    },
  };
}

/** One name for each answer, however many operations give it: its own, else that of the first operation. */
function replyNames(operations: RestOperation[]): Map<z.ZodType, string> {
  const names = new Map<z.ZodType, string>(Object.entries(IN_ANSWERS).map(([name, schema]) => [schema, name]));
  for (const { operationId, facts } of operations) {
    const { output } = facts.contract;
    if (facts.answer === 'redirect' || names.has(output)) continue;
    names.set(output, z.globalRegistry.get(output)?.id ?? `${operationId}Reply`);
  }
  return names;
}
