import { Kvm, type KV, type KvEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { z } from 'zod';

/**
 * Immutable snapshots that one service publishes over NATS KV and others hold in memory. The publisher's Postgres is the
 * truth; the bucket is a feed, and can be filled again from it at any time.
 */
export class SnapshotPublisher<T> {
  #bucket: KV | undefined;

  constructor(
    private readonly nats: NatsConnection,
    private readonly name: string,
    private readonly options: { ttlMs?: number } = {},
  ) {}

  async #open(): Promise<KV> {
    this.#bucket ??= await new Kvm(this.nats).create(this.name, { history: 1, ttl: this.options.ttlMs ?? 0 });
    return this.#bucket;
  }

  /** Makes the bucket, so that readers need not wait for the first snapshot. */
  async ensure(): Promise<void> {
    await this.#open();
  }

  /** Resolves when the server has stored it; readers see it within about a millisecond. */
  async put(key: string, snapshot: T): Promise<void> {
    const bucket = await this.#open();
    await bucket.put(key, JSON.stringify(snapshot));
  }

  async has(key: string): Promise<boolean> {
    const bucket = await this.#open();
    const entry = await bucket.get(key);
    return entry?.operation === 'PUT';
  }
}

interface MirrorOptions<S extends z.ZodType> {
  nats: NatsConnection;
  bucket: string;
  schema: S;
  logger: Logger;
  /** Called with every snapshot that arrives, in order; `undefined` means that it is gone. */
  onChange?: (key: string, snapshot: z.output<S> | undefined) => void;
}

/** A bucket held in memory. `get` never waits; `find` asks the server once when a snapshot has not arrived yet. */
export class SnapshotMirror<S extends z.ZodType> {
  readonly #snapshots = new Map<string, z.output<S>>();
  /** The newest revision seen of each key: an answer may be older than what the watch brought meanwhile. */
  readonly #revisions = new Map<string, number>();
  #bucket: KV | undefined;
  #stopped = false;
  #watching: { stop(): void } | undefined;

  constructor(private readonly options: MirrorOptions<S>) {}

  /** Resolves when all that the bucket holds is in memory. Waits for the bucket: its publisher may start after us. */
  async start(): Promise<void> {
    const { nats, bucket: name, logger } = this.options;
    for (let tries = 0; !this.#bucket; tries++) {
      const bucket = await new Kvm(nats).open(name);
      const known = await bucket.status().catch(() => null);
      if (this.#stopped) return;
      if (known) this.#bucket = bucket;
      else {
        if (tries % 20 === 19) logger.warn({ bucket: name }, 'waiting for a snapshot bucket');
        await delay(250);
      }
    }
    await this.#watch(this.#bucket);
  }

  async #watch(bucket: KV): Promise<void> {
    const { values } = await bucket.status();
    const entries = await bucket.watch();
    this.#watching = entries;
    let loaded: () => void = () => undefined;
    const complete = new Promise<void>((resolve) => {
      loaded = resolve;
    });
    if (values === 0) loaded();
    void (async () => {
      for await (const entry of entries) {
        this.#accept(entry);
        if (entry.delta === 0) loaded();
      }
      if (!this.#stopped) this.options.logger.error({ bucket: this.options.bucket }, 'a snapshot watch ended');
    })();
    await complete;
  }

  #accept(entry: KvEntry): void {
    const { key, revision } = entry;
    if (revision <= (this.#revisions.get(key) ?? 0)) return;
    this.#revisions.set(key, revision);
    const snapshot = entry.operation === 'PUT' ? this.#read(key, entry.string()) : undefined;
    if (snapshot === undefined) this.#snapshots.delete(key);
    else this.#snapshots.set(key, snapshot);
    this.options.onChange?.(key, snapshot);
  }

  #read(key: string, text: string): z.output<S> | undefined {
    try {
      return this.options.schema.parse(JSON.parse(text)) as z.output<S>;
    } catch (err) {
      // A newer publisher may write what we cannot read yet: keep running with the others.
      this.options.logger.error({ err, key, bucket: this.options.bucket }, 'a snapshot is unreadable');
      return undefined;
    }
  }

  get(key: string): z.output<S> | undefined {
    return this.#snapshots.get(key);
  }

  async find(key: string): Promise<z.output<S> | undefined> {
    const held = this.#snapshots.get(key);
    if (held !== undefined || !this.#bucket) return held;
    const entry = await this.#bucket.get(key);
    if (entry) this.#accept(entry);
    return this.#snapshots.get(key);
  }

  /** Drops from memory what the server has let expire without a word. */
  forget(isGone: (snapshot: z.output<S>) => boolean): void {
    for (const [key, snapshot] of this.#snapshots) {
      if (!isGone(snapshot)) continue;
      this.#snapshots.delete(key);
      this.#revisions.delete(key);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#watching?.stop();
  }
}
