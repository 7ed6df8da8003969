import type { EdgeIdentity } from '../replay/edge-node.ts';
import { Rest } from '../replay/rest.ts';
import { createOrganization } from '../replay/set-up.ts';

/** A function as a case needs it; every one has an account of its own, so that one's breaker is not another's. */
export interface FunctionSpec {
  name: string;
  effect: string;
  /** The argument `tag` becomes the last segment of a read's path, and is in a write's body. */
  url: string;
  timeoutMs?: number;
  /** Longer than the deadline: it is answered `pending`. */
  expectedMs?: number;
  /** As actions declare it. */
  poll?: Record<string, unknown>;
  /** May the platform ask the provider whether it happened? */
  verified?: boolean;
  idempotency?: Record<string, unknown>;
  response?: Record<string, unknown>;
  confirmation?: Record<string, unknown>;
  /** Far beyond any load here unless given; null: as the platform has them. */
  limits?: Record<string, number> | null;
}

export interface Organization {
  /** As the organization's own key sees the platform. */
  rest: Rest;
  edge: EdgeIdentity;
  agentId: string;
}

/** The longest the platform allows: what is measured is the deadline that each request brings along. */
const TURN_BUDGET_MS = 60_000;
const NO_LIMITS = { perMinute: 60_000, burst: 5_000 };
const PARAMETERS = { type: 'object', properties: { tag: { type: 'string' }, note: { type: 'string' } }, required: ['tag'] };

/** An organization with an edge, accounts, tools and a deployed agent, made as anybody would: through the REST API. */
export async function setUpOrganization(operator: { url: string; apiKey: string }, name: string, functions: FunctionSpec[]): Promise<Organization> {
  const { organizationId, apiKey } = await createOrganization(new Rest(operator.url, operator.apiKey), name);
  const rest = new Rest(operator.url, apiKey);
  const edge = await rest.create('/v1/edges', { name });
  const published = await Promise.all(functions.map((spec) => publish(rest, spec)));
  const agent = await rest.create('/v1/agents', { name });
  const agentId = agent.at('agentId').string();
  const content = { instructions: 'Help with orders.', turnBudgetMs: TURN_BUDGET_MS, functions: published };
  const version = await rest.create(`/v1/agents/${agentId}/versions`, content);
  await rest.create(`/v1/agents/${agentId}/versions/${version.at('versionId').string()}/deploy`, {});
  const identity = {
    organizationId,
    edgeId: edge.at('edgeId').string(),
    natsUrl: edge.at('natsUrl').string(),
    credentials: edge.at('credentials').string(),
  };
  return { rest, edge: identity, agentId };
}

async function publish(rest: Rest, spec: FunctionSpec) {
  const { name, effect, url, verified, confirmation = { required: false }, limits = NO_LIMITS, ...rules } = spec;
  const connection = await rest.create('/v1/connections', { name, kind: 'bearer', secret: process.env.PATCHBAY_CANARY ?? `secret-of-${name}` });
  const isRead = effect === 'read';
  const tool = await rest.create('/v1/tools', {
    name,
    description: `The function ${name}.`,
    effect,
    parameters: PARAMETERS,
    http: isRead ? { method: 'GET', url: `${url}/things/{tag}` } : { method: 'POST', url: `${url}/things` },
    ...(verified ? { verify: { http: { method: 'GET', url: `${url}/effects/{tag}` }, done: 'status == 200', notDone: 'status == 404' } } : {}),
    ...(limits ? { limits } : {}),
    ...rules,
  });
  return { name, toolId: tool.at('toolId').string(), connectionId: connection.at('connectionId').string(), confirmation };
}
