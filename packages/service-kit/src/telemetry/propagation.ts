import { context, defaultTextMapGetter, propagation, type Context } from '@opentelemetry/api';
import type { MsgHdrs } from '@nats-io/transport-node';

const natsGetter = {
  get: (carrier: MsgHdrs, key: string) => carrier.get(key) || undefined,
  keys: (carrier: MsgHdrs) => carrier.keys(),
};
const natsSetter = {
  set: (carrier: MsgHdrs, key: string, value: string) => carrier.set(key, value),
};

/** Writes the active W3C trace context into NATS headers (lower case: NATS header names are case-sensitive). */
export function injectTrace(carrier: MsgHdrs): void {
  propagation.inject(context.active(), carrier, natsSetter);
}

/** The trace context a message carries, on top of an empty one: nothing leaks in from whoever is receiving. */
export function extractTrace(carrier: MsgHdrs | undefined, base: Context): Context {
  return carrier ? propagation.extract(base, carrier, natsGetter) : base;
}

/** The active trace context as a `traceparent` to store beside a row, so that what follows later can be linked to it. */
export function currentTraceparent(): string | null {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'] ?? null;
}

export function contextFromTraceparent(traceparent: string | null, base: Context): Context {
  return traceparent ? propagation.extract(base, { traceparent }, defaultTextMapGetter) : base;
}
