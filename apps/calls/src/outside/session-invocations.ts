import { Injectable } from '@nestjs/common';
import { runner, type InvocationRecord } from '@patchbay/contracts/runner';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';

/** The most that the runner answers at once. */
const PAGE_ITEMS = 500;

/** What the runner has on record of a session, page by page. */
@Injectable()
export class SessionInvocations {
  constructor(@Client(runner) private readonly runnerClient: ClientOf<typeof runner>) {}

  /** All of them, oldest first; `timeoutMs` is for all pages together. Rejects with `ServiceError`. */
  async list(organizationId: string, sessionId: string, timeoutMs: number): Promise<InvocationRecord[]> {
    const endsAt = performance.now() + timeoutMs;
    // By id: while a release goes out, a runner of the one before it answers everything whichever page it is asked for.
    const found = new Map<string, InvocationRecord>();
    for (let after: string | undefined; ;) {
      const page = { organizationId, sessionId, after, limit: PAGE_ITEMS };
      const { invocations, next } = await this.runnerClient.listInvocations(page, { timeoutMs: Math.max(1, endsAt - performance.now()) });
      for (const one of invocations) found.set(one.invocationId, one);
      if (next === null) return [...found.values()];
      after = next;
    }
  }
}
