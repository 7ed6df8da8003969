import { ServiceError } from '@patchbay/contracts/errors';
import { idOf } from '@patchbay/contracts/identity';
import { CallEvents } from './call-events.ts';
import { EdgeRequests } from './edge-requests.ts';
import { Edge } from './edge.ts';
import { Link } from './link.ts';
import { ATTR } from './span-attributes.ts';

const DEFAULT_DEADLINE_MS = 5_000;

export interface EdgeOptions {
  /** Where NATS listens, e.g. `nats://127.0.0.1:4222`; several URLs separated by commas. */
  natsUrl: string;
  /** The text of the edge's NATS credentials file; absent only where the server asks for none. */
  credentials?: string;
  organizationId: string;
  edgeId: string;
  /** Milliseconds that every operation but `invoke` may take. Default 5000. */
  deadlineMs?: number;
  /** Told what concerns no single request: a lost connection, refused credentials, an event that could not be handled. Default: a process warning. */
  onProblem?: (problem: Error) => void;
}

/**
 * Connects a voice edge to Patchbay. Rejects with `ServiceError`: `invalid_arguments` (naming the option), `unauthenticated`
 * (credentials refused), `forbidden` (credentials of another organization or edge), `unavailable` (no server). Once connected
 * it reconnects for ever.
 */
export async function connectEdge(options: EdgeOptions): Promise<Edge> {
  const { natsUrl, credentials, organizationId, edgeId, deadlineMs = DEFAULT_DEADLINE_MS } = options;
  const onProblem = options.onProblem ?? ((problem: Error) => process.emitWarning(problem));
  requireId('organization', 'organizationId', organizationId);
  requireId('edge', 'edgeId', edgeId);
  const link = await Link.open({ natsUrl, credentials, edgeId, onProblem });
  try {
    const events = await CallEvents.listen({ nats: link.nats, organizationId, edgeId, onProblem });
    const requests = new EdgeRequests(link, { organizationId, edgeId });
    const attributes = { [ATTR.organizationId]: organizationId, [ATTR.edgeId]: edgeId };
    return new Edge({ link, requests, events, attributes, deadlineMs });
  } catch (error) {
    await link.close();
    if (error instanceof ServiceError) throw error;
    throw new ServiceError('unavailable', 'The connection to NATS was lost before it could be used.', { cause: error });
  }
}

/** They become tokens of a subject, where a dot or a wildcard would mean something else. */
function requireId(noun: 'organization' | 'edge', path: string, id: string): void {
  const parsed = idOf(noun).safeParse(id);
  if (parsed.success) return;
  const problem = parsed.error.issues[0]?.message ?? 'is not an id';
  throw ServiceError.fields('invalid_arguments', `${path}: ${problem}.`, [{ path, problem }]);
}
