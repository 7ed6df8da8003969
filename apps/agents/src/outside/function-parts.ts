import { Injectable } from '@nestjs/common';
import type { AgentFunction } from '@patchbay/contracts/agents';
import { catalog, type Tool } from '@patchbay/contracts/catalog';
import type { Connection } from '@patchbay/contracts/connections';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';

/** What the neighbours have of the tools and connections that functions name. */
@Injectable()
export class FunctionParts {
  constructor(
    @Client(catalog) private readonly tools: ClientOf<typeof catalog>,
    @Client(credentials) private readonly connections: ClientOf<typeof credentials>,
  ) {}

  /** Those that exist; each is asked for once, however many functions use it. */
  async find(
    organizationId: string,
    functions: AgentFunction[],
  ): Promise<{ tools: Map<string, Tool>; connections: Map<string, Connection> }> {
    const toolIds = [...new Set(functions.flatMap(({ toolId }) => toolId ?? []))];
    const connectionIds = [...new Set(functions.flatMap(({ connectionId }) => connectionId ?? []))];
    const [tools, connections] = await Promise.all([
      Promise.all(toolIds.map((toolId) => orNull(this.tools.getTool({ organizationId, toolId })))),
      Promise.all(
        connectionIds.map((connectionId) => orNull(this.connections.getConnection({ organizationId, connectionId }))),
      ),
    ]);
    return {
      tools: new Map(tools.flatMap((tool) => (tool ? [[tool.toolId, tool] as const] : []))),
      connections: new Map(connections.flatMap((connection) => (connection ? [[connection.connectionId, connection] as const] : []))),
    };
  }
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (error instanceof ServiceError && error.code === 'not_found') return null;
    throw error;
  });
}
