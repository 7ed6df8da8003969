import type { EdgeIdentity } from '../replay/edge-node.ts';
import { Rest } from '../replay/rest.ts';
import { createOrganization } from '../replay/set-up.ts';
import type { ProviderAddress } from './contenders/contender.ts';
import { ORDER_PARAMETERS } from './contenders/order.ts';

/** The functions of the bench's agent; each is one of the provider's ways to answer. */
export const FUNCTIONS = { read: 'check_order', write: 'reorder', slowRead: 'check_order_slowly', openRead: 'check_order_openly' } as const;

export interface Organization {
  organizationId: string;
  /** As the organization's own key sees the platform. */
  rest: Rest;
  edge: EdgeIdentity;
  agentId: string;
}

/** An organization with an edge, a connection and a deployed agent, made as anybody would: through the REST API. */
export async function setUpOrganization(
  platform: { url: string; apiKey: string },
  provider: ProviderAddress,
): Promise<Organization> {
  const { organizationId, apiKey } = await createOrganization(new Rest(platform.url, platform.apiKey), 'bench');
  const rest = new Rest(platform.url, apiKey);
  const edge = await rest.create('/v1/edges', { name: 'bench' });
  const connection = await rest.create('/v1/connections', { name: 'orders', kind: 'bearer', secret: provider.secret });
  const connectionId = connection.at('connectionId').string();
  const functions = [];
  for (const tool of toolsAt(provider.url)) {
    const created = await rest.create('/v1/tools', tool);
    const { name } = tool;
    functions.push({ name, toolId: created.at('toolId').string(), ...(name === FUNCTIONS.openRead ? {} : { connectionId }) });
  }
  const agent = await rest.create('/v1/agents', { name: 'bench' });
  const agentId = agent.at('agentId').string();
  const version = await rest.create(`/v1/agents/${agentId}/versions`, { instructions: 'Help with orders.', functions });
  await rest.create(`/v1/agents/${agentId}/versions/${version.at('versionId').string()}/deploy`, {});
  const identity = {
    organizationId,
    edgeId: edge.at('edgeId').string(),
    natsUrl: edge.at('natsUrl').string(),
    credentials: edge.at('credentials').string(),
  };
  return { organizationId, rest, edge: identity, agentId };
}

function toolsAt(url: string) {
  const parameters = ORDER_PARAMETERS;
  return [
    {
      name: FUNCTIONS.read,
      description: 'Look an order up.',
      effect: 'read',
      parameters,
      http: { method: 'GET', url: `${url}/orders/{orderId}` },
    },
    {
      name: FUNCTIONS.write,
      description: 'Order the same once more; can be undone.',
      effect: 'write.reversible',
      parameters,
      http: { method: 'POST', url: `${url}/orders` },
    },
    {
      name: FUNCTIONS.slowRead,
      description: 'Look an order up at a provider that takes its time.',
      effect: 'read',
      parameters,
      http: { method: 'GET', url: `${url}/slow/orders/{orderId}` },
    },
    {
      name: FUNCTIONS.openRead,
      description: 'Look an order up at a provider that asks nobody who they are.',
      effect: 'read',
      parameters,
      http: { method: 'GET', url: `${url}/open/orders/{orderId}` },
    },
  ];
}
