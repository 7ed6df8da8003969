import type { RecordedTool, Recording } from './conversation.ts';
import type { EdgeIdentity } from './edge-node.ts';
import { inParallel } from './in-parallel.ts';
import type { ParsedJson } from './parsed-json.ts';
import { RestRefusal } from './rest.ts';

/** An agent version has room for so many. */
const MOST_FUNCTIONS = 100;
/** The longest the platform allows: a service that restarts under the replay must not use up a turn's time. */
const TURN_BUDGET_MS = 60_000;
const AT_ONCE = 4;

export interface RestCreator {
  create(path: string, body: unknown): Promise<ParsedJson>;
}

export interface SetUp {
  organizationId: string;
  agentId: string;
  agentName: string;
  edge: EdgeIdentity;
}

/** Makes a fresh organization, so that runs do not mix; `asOrganization` turns its API key into a client. */
export async function createOrganization(
  operator: RestCreator,
  name: string,
): Promise<{ organizationId: string; apiKey: string }> {
  try {
    const organization = await operator.create('/v1/organizations', { name });
    return { organizationId: organization.at('organizationId').string(), apiKey: organization.at('apiKey').string() };
  } catch (error) {
    if (!(error instanceof RestRefusal) || (error.status !== 401 && error.status !== 403)) throw error;
    throw new Error('The API key may not create organizations. Use the operator key that `npm start` prints.', {
      cause: error,
    });
  }
}

export interface SetUpInput {
  organizationId: string;
  recording: Recording;
  provider: { url: string; secret: string };
}

/** Edge, connection, tools, agent, version, deployment: what the recording needs, through the REST API alone. */
export async function setUp(rest: RestCreator, { organizationId, recording, provider }: SetUpInput): Promise<SetUp> {
  const { format, instructions, tools } = recording;
  if (tools.length > MOST_FUNCTIONS) {
    throw new Error(
      `The recording has ${tools.length} functions; an agent version holds ${MOST_FUNCTIONS}. Replay a part of it.`,
    );
  }
  const edge = await rest.create('/v1/edges', { name: `replay ${format}` });
  const connection = await rest.create('/v1/connections', {
    name: `recorded ${format}`,
    kind: 'bearer',
    secret: provider.secret,
  });
  const connectionId = connection.at('connectionId').string();
  const functions = await inParallel(tools, AT_ONCE, async (tool) => {
    const created = await rest.create('/v1/tools', toolDefinition(tool, provider.url));
    const confirmation = { required: tool.confirmed ?? false };
    return { name: tool.name, toolId: created.at('toolId').string(), connectionId, confirmation };
  });
  const agentName = `replay ${format}`;
  const agent = await rest.create('/v1/agents', { name: agentName });
  const agentId = agent.at('agentId').string();
  const content = { instructions, functions, turnBudgetMs: TURN_BUDGET_MS };
  const version = await rest.create(`/v1/agents/${agentId}/versions`, content);
  await rest.create(`/v1/agents/${agentId}/versions/${version.at('versionId').string()}/deploy`, {});
  const edgeId = edge.at('edgeId').string();
  const identity = {
    organizationId,
    edgeId,
    natsUrl: edge.at('natsUrl').string(),
    credentials: edge.at('credentials').string(),
  };
  return { organizationId, agentId, agentName, edge: identity };
}

function toolDefinition({ name, description, effect, method, parameters }: RecordedTool, providerUrl: string): unknown {
  return { name, description, effect, parameters, http: { method, url: `${providerUrl}/${encodeURIComponent(name)}` } };
}
