import { ActionRules, FunctionRules } from '@patchbay/contracts/action';
import type { AgentFunction, AgentSnapshot, AgentVersion, FunctionSnapshot } from '@patchbay/contracts/agents';
import type { Tool } from '@patchbay/contracts/catalog';
import { maySendTo, originOf } from '@patchbay/contracts/connection-origins';
import type { Connection } from '@patchbay/contracts/connections';
import { ServiceError, type FieldProblem } from '@patchbay/contracts/errors';
import { callControlFunction } from './call-control-function.ts';
import type { CallTimeRules } from './call-time-rules.ts';
import { callerSchema, functionRulesProblems, modelParameters } from './function-rules.ts';
import { agentTargets } from './transfer-target.ts';

export interface SnapshotParts {
  organizationId: string;
  agentName: string;
  version: AgentVersion;
  /** The tools that exist, by id, at the version to deploy with. */
  tools: ReadonlyMap<string, Tool>;
  /** The connections that exist, by id. */
  connections: ReadonlyMap<string, Pick<Connection, 'origins'>>;
  /** The ids and names of the agents that exist. */
  agents: ReadonlySet<string>;
  rules: CallTimeRules;
  newFunctionId: () => string;
}

/** Stays below NATS's default `max_payload` of 1 MiB, headers included: a larger snapshot could never be published. */
const SNAPSHOT_MAX_BYTES = 1_000_000;

/** Everything a call needs of a version, in one immutable value. Throws `failed_precondition` naming what is missing or does not fit. */
export function compileSnapshot(parts: SnapshotParts): AgentSnapshot {
  requireParts(parts);
  const functions = parts.version.functions.map((one) => compileFunction(one, parts));
  requireFit(parts, functions);
  requireAllowed(parts, functions);
  const { organizationId, agentName, version } = parts;
  const { agentId, versionId, instructions, speech, turnBudgetMs, maxDurationMs, inactivity } = version;
  const limits = { turnBudgetMs, maxDurationMs, inactivity };
  const snapshot = { organizationId, agentId, agentName, versionId, instructions, speech, ...limits, functions };
  requireSize(snapshot);
  return snapshot;
}

function requireParts({ version, tools, connections, agents }: SnapshotParts): void {
  const missing = (path: string, id: string | undefined, known: { has(id: string): boolean }) =>
    id === undefined || known.has(id) ? [] : [{ path, problem: `${id} does not exist` }];
  const problems = version.functions.flatMap(({ toolId, connectionId, callControl }, at): FieldProblem[] => [
    ...missing(`functions.${at}.toolId`, toolId, tools),
    ...missing(`functions.${at}.connectionId`, connectionId, connections),
    ...agentTargets(callControl, `functions.${at}.callControl`).flatMap(({ path, agent }) => missing(path, agent, agents)),
  ]);
  refuse('The version needs what this organization does not have', problems);
}

function requireFit({ version, rules }: SnapshotParts, compiled: FunctionSnapshot[]): void {
  const problems = version.functions.flatMap((one, at) =>
    functionRulesProblems(one, compiled[at]?.schema ?? {}, `functions.${at}`, rules),
  );
  refuse('The functions of the version do not fit their tools', problems);
}

/** A call would find out too, and too late. */
function requireAllowed({ connections }: SnapshotParts, compiled: FunctionSnapshot[]): void {
  const problems = compiled.flatMap(({ connectionId, http, verify, poll }, at) => {
    const origins = connections.get(connectionId ?? '')?.origins ?? [];
    const asked = [http, verify?.http, poll?.http].flatMap((request) => (request ? (originOf(request.url) ?? []) : []));
    const outside = [...new Set(asked)].filter((origin) => !maySendTo(origins, origin));
    return outside.map((origin) => ({ path: `functions.${at}.connectionId`, problem: `may not be used for ${origin}` }));
  });
  refuse('The tools lead to addresses that are not among the origins of their connections', problems);
}

function refuse(what: string, problems: FieldProblem[]): void {
  if (problems.length === 0) return;
  const words = problems.map(({ path, problem }) => `${path} ${problem}`).join('; ');
  throw ServiceError.fields('failed_precondition', `${what}: ${words}.`, problems);
}

function compileFunction(one: AgentFunction, { tools, newFunctionId }: SnapshotParts): FunctionSnapshot {
  const action = actionOf(one, tools);
  return {
    functionId: newFunctionId(),
    name: one.name,
    ...action,
    description: one.description ?? action.description,
    parameters: modelParameters(action.schema, one),
    ...FunctionRules.parse(one),
    connectionId: one.connectionId ?? null,
  };
}

/** What the function does: the tool's part, or that of an action of the call. */
function actionOf({ toolId = '', callControl }: AgentFunction, tools: SnapshotParts['tools']) {
  if (callControl) {
    const { parameters: schema, ...parts } = callControlFunction(callControl);
    return { ...parts, toolVersion: 1, effect: 'call_control' as const, schema, callControl };
  }
  const tool = tools.get(toolId)!;
  const { description, effect, version: toolVersion, http } = tool;
  return { toolId, toolVersion, description, effect, schema: callerSchema(tool), http, ...ActionRules.parse(tool) };
}

function requireSize(snapshot: AgentSnapshot): void {
  const bytes = Buffer.byteLength(JSON.stringify(snapshot));
  if (bytes <= SNAPSHOT_MAX_BYTES) return;
  throw ServiceError.fields(
    'failed_precondition',
    `The version is too large to deploy: ${bytes} bytes with its tools.`,
    [{ path: 'functions', problem: `make, with the instructions, ${bytes} bytes; ${SNAPSHOT_MAX_BYTES} are allowed` }],
  );
}
