import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { EventContract, EventEnvelope, PayloadOf } from '@patchbay/contracts/define';
import { TRACEPARENT_HEADER } from '@patchbay/contracts/edge';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { newId } from '../identity/new-id.ts';
import { ensureEventStream } from '../messaging/event-stream.ts';
import { NATS } from '../messaging/nats.ts';
import { KIT_LOGGER } from '../telemetry/logger.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { currentTraceparent } from '../telemetry/propagation.ts';
import type { Transaction } from './database.ts';
import { acrossOrganizations } from './organization.ts';

/** Part of a service's first migration; `outbox` belongs among its partitioned tables, by `event` ids. */
export const OUTBOX_SQL = `
  create table outbox (
    org_id text not null,
    event_id text collate "C" not null,
    subject text not null,
    occurred_at timestamptz not null,
    payload jsonb not null,
    traceparent text,
    published_at timestamptz,
    primary key (org_id, event_id)
  ) partition by range (event_id);
  create index outbox_unpublished on outbox (event_id) where published_at is null;
`;

/** Part of a consuming service's first migration; partitioned by `event` ids too. */
export const INBOX_SQL = `
  create table inbox (
    org_id text not null,
    event_id text collate "C" not null,
    received_at timestamptz not null default now(),
    primary key (org_id, event_id)
  ) partition by range (event_id);
`;

/** Writes an event in the transaction that made it true; nothing is published before that commits. */
export async function addToOutbox<C extends EventContract>(
  tx: Transaction,
  contract: C,
  event: { organizationId: string; payload: PayloadOf<C> },
): Promise<void> {
  await tx.query(
    `insert into outbox (org_id, event_id, subject, occurred_at, payload, traceparent) values ($1, $2, $3, now(), $4, $5)`,
    [event.organizationId, newId('event'), contract.subject, contract.payload.parse(event.payload), currentTraceparent()],
  );
}

/** True the first time an event is seen; called in the same transaction as its effect. */
export async function firstDelivery(tx: Transaction, envelope: Pick<EventEnvelope, 'id' | 'organizationId'>): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `insert into inbox (org_id, event_id) values ($1, $2) on conflict do nothing returning event_id`,
    [envelope.organizationId, envelope.id],
  );
  return rows.length > 0;
}

interface OutboxRow {
  org_id: string;
  event_id: string;
  subject: string;
  occurred_at: Date;
  payload: unknown;
  traceparent: string | null;
}

const POLL_MS = 500;
const BATCH = 100;
/** A scrape need not read on: this many are trouble enough. */
const COUNTED = 10_000;

export const EMITTER = Symbol('emitter');

/** Carries committed events from the outbox to JetStream; several instances share the work by skipping locked rows. */
@Injectable()
export class OutboxRelay implements OnModuleInit, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #relaying: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly source: DataSource,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(EMITTER) private readonly service: string,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'patchbay_outbox_events',
      help: `Events that wait to be published, of all instances of the service; ${COUNTED} stands for more.`,
      read: () => this.countWaiting(),
    });
  }

  async onModuleInit(): Promise<void> {
    await ensureEventStream(this.nats, this.service);
    this.#schedule(0);
  }

  /** Looks again soon; called after a commit that wrote an event. */
  wake(): void {
    this.#schedule(0);
  }

  #schedule(inMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#relaying = this.#relaying.then(() => this.#run());
    }, inMs);
  }

  async #run(): Promise<void> {
    try {
      while ((await this.relayBatch()) === BATCH);
    } catch (err) {
      this.logger.warn({ err }, 'the outbox could not be relayed; it will be tried again');
    }
    this.#schedule(POLL_MS);
  }

  /** Publishes up to a batch of events and marks them; returns how many there were. */
  async relayBatch(): Promise<number> {
    const stream = jetstream(this.nats);
    return acrossOrganizations(this.source, async (tx) => {
      const rows: OutboxRow[] = await tx.query(
        `select org_id, event_id, subject, occurred_at, payload, traceparent from outbox
         where published_at is null order by event_id limit ${BATCH} for update skip locked`,
      );
      for (const row of rows) {
        const marks = headers();
        if (row.traceparent) marks.set(TRACEPARENT_HEADER, row.traceparent);
        await stream.publish(row.subject, JSON.stringify(envelopeOf(row)), { msgID: row.event_id, headers: marks });
      }
      const published = rows.map(({ event_id }) => event_id);
      if (rows.length > 0) await tx.query(`update outbox set published_at = now() where event_id = any($1)`, [published]);
      return rows.length;
    });
  }

  /** Counted in the index of what is not published. */
  countWaiting(): Promise<number> {
    return acrossOrganizations(this.source, async (tx) => {
      const [row]: { waiting: number }[] = await tx.query(
        `select count(*)::int as waiting from (select from outbox where published_at is null limit ${COUNTED}) as unpublished`,
      );
      return row!.waiting;
    });
  }

  /** What was committed just now still goes out; the rest waits for the next instance. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#relaying;
    await this.relayBatch().catch((err: unknown) => this.logger.warn({ err }, 'the outbox keeps its last events'));
  }
}

function envelopeOf(row: OutboxRow): EventEnvelope {
  return {
    id: row.event_id,
    subject: row.subject,
    organizationId: row.org_id,
    occurredAt: row.occurred_at.toISOString(),
    payload: row.payload,
  };
}
