import type { Msg } from '@nats-io/transport-node';
import { DEADLINE_HEADER } from '@patchbay/contracts/edge';

/** How long is left for a request: relative on the wire because clocks differ, monotonic here. */
export class Deadline {
  readonly #endsAt: number;

  constructor(readonly budgetMs: number) {
    this.#endsAt = performance.now() + budgetMs;
  }

  get remainingMs(): number {
    return this.#endsAt - performance.now();
  }
}

/** What a handler may know about a request beside its body. Edges are named by the subject, never by the body. */
export class RequestContext {
  constructor(
    readonly subject: string,
    readonly deadline: Deadline | null,
    readonly organizationId: string,
    readonly edgeId: string,
  ) {}
}

const TOKEN = /^[a-z0-9_]{1,80}$/;

/** The organization and the edge of an `edge.v1.<org>.<edge>.<operation>` subject, or null where a token is malformed. */
export function edgeOf(subject: string): { organizationId: string; edgeId: string } | null {
  const [, , organizationId = '', edgeId = ''] = subject.split('.', 4);
  return TOKEN.test(organizationId) && TOKEN.test(edgeId) ? { organizationId, edgeId } : null;
}

/** The `patchbay-deadline-ms` header; null when absent, NaN never: nonsense counts as absent. */
export function deadlineOf(message: Msg): Deadline | null {
  const value = message.headers?.get(DEADLINE_HEADER);
  const budgetMs = value ? Number(value) : Number.NaN;
  return Number.isFinite(budgetMs) ? new Deadline(budgetMs) : null;
}
