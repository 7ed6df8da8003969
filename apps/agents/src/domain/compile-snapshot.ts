import type { AgentFunction, AgentSnapshot, AgentVersion, FunctionSnapshot } from '@patchbay/contracts/agents';
import type { Tool } from '@patchbay/contracts/catalog';
import { ServiceError, type FieldProblem } from '@patchbay/contracts/errors';

export interface SnapshotParts {
  organizationId: string;
  agentName: string;
  version: AgentVersion;
  /** The tools that exist, by id, at the version to deploy with. */
  tools: ReadonlyMap<string, Tool>;
  /** The ids of the connections that exist. */
  connections: ReadonlySet<string>;
  newFunctionId: () => string;
}

/** Stays below NATS's default `max_payload` of 1 MiB, headers included: a larger snapshot could never be published. */
const SNAPSHOT_MAX_BYTES = 1_000_000;

/** Everything a call needs of a version, in one immutable value. Throws `failed_precondition` naming what is missing. */
export function compileSnapshot(parts: SnapshotParts): AgentSnapshot {
  requireParts(parts);
  const { organizationId, agentName, version } = parts;
  const { agentId, versionId, instructions, turnBudgetMs, maxDurationMs, inactivity } = version;
  const functions = version.functions.map((one) => compileFunction(one, parts));
  const limits = { turnBudgetMs, maxDurationMs, inactivity };
  const snapshot = { organizationId, agentId, agentName, versionId, instructions, ...limits, functions };
  requireSize(snapshot);
  return snapshot;
}

function requireParts({ version, tools, connections }: SnapshotParts): void {
  const problems = version.functions.flatMap(({ toolId, connectionId }, at): FieldProblem[] => [
    ...(tools.has(toolId) ? [] : [{ path: `functions.${at}.toolId`, problem: `${toolId} does not exist` }]),
    ...(!connectionId || connections.has(connectionId)
      ? []
      : [{ path: `functions.${at}.connectionId`, problem: `${connectionId} does not exist` }]),
  ]);
  if (problems.length === 0) return;
  const message = `The version needs what this organization does not have: ${problems.map(({ problem }) => problem).join('; ')}.`;
  throw ServiceError.fields('failed_precondition', message, problems);
}

function compileFunction(
  { name, description, toolId, connectionId }: AgentFunction,
  { tools, newFunctionId }: SnapshotParts,
): FunctionSnapshot {
  const tool = tools.get(toolId)!;
  return {
    functionId: newFunctionId(),
    name,
    description: description ?? tool.description,
    parameters: tool.parameters,
    effect: tool.effect,
    toolId,
    toolVersion: tool.version,
    http: tool.http,
    timeoutMs: tool.timeoutMs,
    connectionId: connectionId ?? null,
  };
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
