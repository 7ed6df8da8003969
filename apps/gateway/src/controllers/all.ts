import { AgentsController } from './agents.controller.ts';
import { ApiKeysController } from './api-keys.controller.ts';
import { AuditController } from './audit.controller.ts';
import { AuthorizationsController } from './authorizations.controller.ts';
import { ConnectionSecretsController } from './connection-secrets.controller.ts';
import { ConnectionsController } from './connections.controller.ts';
import { EdgeOperationsController } from './edge-operations.controller.ts';
import { EdgesController } from './edges.controller.ts';
import { OrganizationsController } from './organizations.controller.ts';
import { PeopleController } from './people.controller.ts';
import { SessionsController } from './sessions.controller.ts';
import { SignInController } from './sign-in.controller.ts';
import { ToolsController } from './tools.controller.ts';
import { TracesController } from './traces.controller.ts';
import { WebhooksController } from './webhooks.controller.ts';

/** The REST API, in the order a newcomer meets it; OpenAPI is made from this list. */
export const CONTROLLERS = [
  OrganizationsController,
  ApiKeysController,
  SignInController,
  PeopleController,
  EdgesController,
  ConnectionsController,
  ConnectionSecretsController,
  AuthorizationsController,
  ToolsController,
  AgentsController,
  EdgeOperationsController,
  SessionsController,
  TracesController,
  WebhooksController,
  AuditController,
];
