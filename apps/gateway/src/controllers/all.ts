import { AgentsController } from './agents.controller.ts';
import { ConnectionsController } from './connections.controller.ts';
import { EdgeOperationsController } from './edge-operations.controller.ts';
import { EdgesController } from './edges.controller.ts';
import { OrganizationsController } from './organizations.controller.ts';
import { SessionsController } from './sessions.controller.ts';
import { ToolsController } from './tools.controller.ts';
import { TracesController } from './traces.controller.ts';
import { WebhooksController } from './webhooks.controller.ts';

/** The REST API, in the order a newcomer meets it; OpenAPI is made from this list. */
export const CONTROLLERS = [
  OrganizationsController,
  EdgesController,
  ConnectionsController,
  ToolsController,
  AgentsController,
  EdgeOperationsController,
  SessionsController,
  TracesController,
  WebhooksController,
];
