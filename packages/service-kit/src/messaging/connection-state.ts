import type { NatsConnection } from '@nats-io/transport-node';

interface State {
  /** Settled when the connection is back; absent while it stands. */
  back?: PromiseWithResolvers<void>;
}

const states = new WeakMap<NatsConnection, State>();

/** Begins to follow whether a connection stands. Idempotent. */
export function followConnection(nats: NatsConnection): void {
  if (states.has(nats)) return;
  const state: State = {};
  states.set(nats, state);
  void follow(nats, state);
}

async function follow(nats: NatsConnection, state: State): Promise<void> {
  for await (const { type } of nats.status()) {
    if (type === 'disconnect') state.back ??= Promise.withResolvers();
    if (type !== 'reconnect') continue;
    state.back?.resolve();
    delete state.back;
  }
  state.back?.resolve();
}

/**
 * Waits for the connection, at most so long; false when it did not come back. A request made without it would lie in the
 * library's buffer, and could be sent after its caller was told that it failed.
 */
export async function connectionStands(nats: NatsConnection, withinMs: number): Promise<boolean> {
  const back = states.get(nats)?.back;
  if (!back) return !nats.isClosed();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, withinMs), false);
  });
  const stands = await Promise.race([back.promise.then(() => !nats.isClosed()), late]);
  clearTimeout(timer);
  return stands;
}
