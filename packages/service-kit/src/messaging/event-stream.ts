import { DiscardPolicy, jetstreamManager, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

const DAY_NS = 24 * 3600 * 1_000_000_000;

/**
 * Creates a service's stream, or changes one that another release made, and reads its configuration back: an older server drops fields silently.
 * Where services have permissions of their own, changing takes the login of an operator: who may change a stream may collect messages of others.
 */
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
  if (known && differences(known.config, wanted).length === 0) return;
  const { config } = known ? await manager.streams.update(wanted.name, wanted) : await manager.streams.add(wanted);
  const lost = differences(config, wanted);
  if (lost.length === 0) return;
  throw new Error(`The NATS server did not keep ${lost.join(', ')} of stream ${wanted.name}; nats-server 2.12.7 or newer is needed.`);
}

/** The fields of a configuration that are not as they are wanted. */
function differences(config: StreamConfig, wanted: Partial<StreamConfig>): string[] {
  const read = config as unknown as Record<string, unknown>;
  return Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify(read[key]) !== JSON.stringify(value))
    .map(([key]) => key);
}
