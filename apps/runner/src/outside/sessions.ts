import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { SESSION_BUCKET, SessionSnapshot } from '@patchbay/contracts/calls';
import { madeAt } from '@patchbay/service-kit/identity/new-id';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { SnapshotMirror } from '@patchbay/service-kit/messaging/snapshots';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';

const TICK_MS = 600_000;
/** The bucket forgets sessions after a day (calls/outside/session-feed.ts), without telling us. */
const KEPT_MS = 25 * 3_600_000;

/** Which sessions are live, held in memory: no hop and no database read when a function is called. */
@Injectable()
export class Sessions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #mirror: SnapshotMirror<typeof SessionSnapshot>;
  readonly #live = new Map<string, SessionSnapshot>();
  readonly #startListeners = new Set<(session: SessionSnapshot) => void>();
  readonly #endListeners = new Set<(session: SessionSnapshot) => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(@Inject(NATS) nats: NatsConnection, @Inject(KIT_LOGGER) logger: Logger) {
    this.#mirror = new SnapshotMirror({
      nats,
      logger,
      bucket: SESSION_BUCKET,
      schema: SessionSnapshot,
      onChange: (key, session) => this.#onChange(key, session),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#mirror.start();
    this.#timer = setInterval(() => {
      const oldest = new Date(Date.now() - KEPT_MS);
      this.#mirror.forget(({ sessionId }) => madeAt(sessionId) < oldest);
    }, TICK_MS);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
    this.#mirror.stop();
  }

  get(organizationId: string, sessionId: string): SessionSnapshot | undefined {
    return this.#mirror.get(`${organizationId}.${sessionId}`);
  }

  live(): Iterable<SessionSnapshot> {
    return this.#live.values();
  }

  /** Hears of each session that becomes live, and of those that are when the feed starts. Returns how to stop hearing. */
  onStart(listener: (session: SessionSnapshot) => void): () => void {
    this.#startListeners.add(listener);
    return () => void this.#startListeners.delete(listener);
  }

  /** Hears of each session that ends. Returns how to stop hearing. */
  onEnd(listener: (session: SessionSnapshot) => void): () => void {
    this.#endListeners.add(listener);
    return () => void this.#endListeners.delete(listener);
  }

  #onChange(key: string, session: SessionSnapshot | undefined): void {
    if (session?.state === 'live') {
      const isNew = !this.#live.has(key);
      this.#live.set(key, session);
      if (isNew) for (const listener of this.#startListeners) listener(session);
      return;
    }
    this.#live.delete(key);
    if (session) for (const listener of this.#endListeners) listener(session);
  }

  /** Asks the server once: a session may be younger than the feed. */
  async find(organizationId: string, sessionId: string): Promise<SessionSnapshot | undefined> {
    return /^ses_[a-z0-9]+$/.test(sessionId) ? this.#mirror.find(`${organizationId}.${sessionId}`) : undefined;
  }
}
