import type { Future } from './future.ts';
import type { ModelInvocation } from './model-invocation.ts';
import type { VirtualRunner } from './virtual-runner.ts';
import type { FoundEntry } from './virtual-tables.ts';

/** What the ledger knows that a request may be a repeat of. */
export function findEntries(runner: VirtualRunner, invocation: ModelInvocation): Future<FoundEntry[]> {
  const { tables } = runner.world;
  return runner.database.query((now) => tables.find(invocation.query(), now));
}
