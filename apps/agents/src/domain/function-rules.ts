import type { AgentFunction } from '@patchbay/contracts/agents';
import type { Tool } from '@patchbay/contracts/catalog';
import type { FieldProblem } from '@patchbay/contracts/errors';
import type { CallTimeRules } from './call-time-rules.ts';

type Schema = Record<string, unknown>;

/** What is wrong with a function's static, bound and restricted arguments and with its read-back; `path` is where the function stands. */
export function functionRulesProblems(one: AgentFunction, schema: Schema, path: string, rules: CallTimeRules): FieldProblem[] {
  // A tool may be older than the rules it was saved by.
  const unusable = rules.schemaProblem(schema);
  if (unusable !== undefined) return [{ path: `${path}.toolId`, problem: `has parameters that arguments cannot be checked with: ${unusable}` }];
  const unknown = unknownParameters(one, schema, path);
  const values = unknown.length > 0 ? [] : rules.valueProblems(schema, one.static ?? {});
  return [
    ...unknown,
    ...values.map((problem) => ({ ...problem, path: `${path}.static.${problem.path}` })),
    ...readBackProblems(one, schema, path, rules),
  ];
}

function unknownParameters({ static: fixed, bound, origins }: AgentFunction, schema: Schema, path: string): FieldProblem[] {
  const properties = propertiesOf(schema);
  return Object.entries({ static: fixed, bound, origins }).flatMap(([rule, named]) =>
    Object.keys(named ?? {})
      .filter((name) => !Object.hasOwn(properties, name))
      .map((name) => ({ path: `${path}.${rule}.${name}`, problem: 'is not a parameter of the function' })),
  );
}

function readBackProblems({ confirmation }: AgentFunction, schema: Schema, path: string, rules: CallTimeRules): FieldProblem[] {
  if (confirmation?.readBack === undefined) return [];
  const problem = rules.readBackProblem(confirmation.readBack, Object.keys(propertiesOf(schema)));
  return problem === undefined ? [] : [{ path: `${path}.confirmation.readBack`, problem }];
}

/** What contradicts itself in a function's rules, whatever its tool is. */
export function contradictions({ static: fixed = {}, bound = {}, origins = {} }: AgentFunction, path: string): FieldProblem[] {
  const twice = Object.keys(bound).filter((name) => Object.hasOwn(fixed, name));
  const shutOut = Object.entries(origins).filter(
    ([name, allowed]) =>
      (Object.hasOwn(fixed, name) && !allowed.includes('static')) || (Object.hasOwn(bound, name) && !allowed.includes('variable')),
  );
  return [
    ...twice.map((name) => ({ path: `${path}.bound.${name}`, problem: 'is static too' })),
    ...shutOut.map(([name]) => ({ path: `${path}.origins.${name}`, problem: 'does not allow the origin that static or bound gives it' })),
  ];
}

/** The schema without the parameters that the builder fixed or bound: what a model sees and may give. */
export function modelParameters(schema: Schema, { static: fixed = {}, bound = {} }: Pick<AgentFunction, 'static' | 'bound'>): Schema {
  return withoutParameters(schema, [...Object.keys(fixed), ...Object.keys(bound)]);
}

/** What the tool takes from a call: its schema without the parameter in which the platform puts an id of its own. */
export function callerSchema({ parameters, idempotency }: Pick<Tool, 'parameters' | 'idempotency'>): Schema {
  return idempotency && 'parameter' in idempotency ? withoutParameters(parameters, [idempotency.parameter]) : parameters;
}

/** In the order of the schema: models fill in parameters in the order they read them. */
function withoutParameters(schema: Schema, hidden: unknown[]): Schema {
  const { required } = schema;
  const shown = Object.entries(propertiesOf(schema)).filter(([name]) => !hidden.includes(name));
  return {
    ...schema,
    ...(schema['properties'] === undefined ? {} : { properties: Object.fromEntries(shown) }),
    ...(Array.isArray(required) ? { required: required.filter((name) => !hidden.includes(name)) } : {}),
  };
}

function propertiesOf(schema: Schema): Schema {
  return (schema['properties'] ?? {}) as Schema;
}
