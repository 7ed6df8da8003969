import { context, createContextKey, type Context } from '@opentelemetry/api';
import type { MsgHdrs } from '@nats-io/transport-node';
import { Actor, ACTOR_HEADER } from '@patchbay/contracts/actor';

const ACTOR = createContextKey('patchbay actor');

/** Who caused what happens in the context; goes along with every request made in it. Source: `patchbay-actor`. */
export function withActor(base: Context, actor: Actor): Context {
  return base.setValue(ACTOR, actor);
}

/** Who caused what is happening now; undefined for what a service does by itself. */
export function currentActor(): Actor | undefined {
  return context.active().getValue(ACTOR) as Actor | undefined;
}

export function injectActor(carrier: MsgHdrs): void {
  const actor = currentActor();
  if (actor) carrier.set(ACTOR_HEADER, JSON.stringify(actor));
}

/** The actor that a message names, put into a context. Only between services: an edge could write anything there. */
export function extractActor(carrier: MsgHdrs | undefined, base: Context): Context {
  const text = carrier?.get(ACTOR_HEADER);
  if (!text) return base;
  const actor = Actor.safeParse(parseJson(text));
  return actor.success ? withActor(base, actor.data) : base;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A header that names nobody: the request counts as nobody's.
  }
}
