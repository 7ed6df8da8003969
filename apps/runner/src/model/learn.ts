import { wait, type Task } from './future.ts';
import { persist } from './persist.ts';
import type { VirtualRunner } from './virtual-runner.ts';

/** `LaterOutcomes.learn`: stores what was learnt and tells the edge; the first to know counts. */
export function* learn(runner: VirtualRunner, invocationId: string, status: 'succeeded' | 'failed', requestId: string): Task<void> {
  const { world, database } = runner;
  const { tables, accepted, safeguards } = world;
  if (safeguards.keepsLooks) yield* keepAttempt(runner, invocationId, requestId);
  if (!(yield* wait(database.query(() => tables.isUnknown(invocationId))))) return;
  if (!safeguards.keepsLooks) yield* keepAttempt(runner, invocationId, requestId);
  if (!(yield* wait(database.query((now) => tables.learn(invocationId, status, now))))) return;
  const { invocation } = accepted.find((one) => one.invocation.invocationId === invocationId)!;
  world.told.push({ at: runner.now, to: invocation, invocationId, status, replayed: false });
}

/** `InvocationRepository.addAttempt` */
export function* keepAttempt({ world, database, process }: VirtualRunner, invocationId: string, requestId: string): Task<void> {
  const keep = () => database.query(() => world.tables.addAttempt(invocationId, requestId));
  yield* world.safeguards.keepsLooks ? persist(process, keep) : wait(keep());
}
