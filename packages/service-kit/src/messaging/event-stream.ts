import { DiscardPolicy, jetstreamManager, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

const DAY_NS = 24 * 3600 * 1_000_000_000;

/** The stream that carries a service's events: `events_calls` for `calls.v1.session.ended`. */
export function streamOf(subject: string): string {
  return `events_${subject.split('.', 1)[0]}`;
}

/** Creates or updates a service's stream and reads its configuration back: an older server drops fields silently. */
export async function ensureEventStream(nats: NatsConnection, service: string): Promise<void> {
  const manager = await jetstreamManager(nats);
  const wanted = {
    name: `events_${service}`,
    subjects: [`${service}.v1.*.*`],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: 7 * DAY_NS,
    // The window in which a repeated publish of the same outbox row is recognised.
    duplicate_window: (10 * 60 * DAY_NS) / 86_400,
    deny_delete: true,
  } satisfies Partial<StreamConfig>;
  const known = await manager.streams.info(wanted.name).catch(() => null);
  const { config } = known ? await manager.streams.update(wanted.name, wanted) : await manager.streams.add(wanted);
  const read = config as unknown as Record<string, unknown>;
  const lost = Object.entries(wanted).filter(([key, value]) => JSON.stringify(read[key]) !== JSON.stringify(value));
  if (lost.length > 0) {
    const names = lost.map(([key]) => key).join(', ');
    throw new Error(`The NATS server did not keep ${names} of stream ${wanted.name}; nats-server 2.12.7 or newer is needed.`);
  }
}
