import { accessEvents } from './access.ts';
import { agents } from './agents.ts';
import { changes } from './audit.ts';
import { callEvents, calls } from './calls.ts';
import { catalog } from './catalog.ts';
import { credentials } from './credentials.ts';
import { edge } from './edge.ts';
import { observability } from './observability.ts';
import { runner } from './runner.ts';
import { workflows } from './workflows.ts';

/** Every request and event of the platform; what is not in here does not exist on the wire. */
export const REQUESTS = { edge, credentials, catalog, agents, calls, runner, workflows, observability };
export const EVENTS = { calls: callEvents, credentials: accessEvents, ...changes };
