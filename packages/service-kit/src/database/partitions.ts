import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { IdNoun } from '@patchbay/contracts/identity';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { idFloor } from '../identity/new-id.ts';
import { KIT_LOGGER } from '../telemetry/logger.ts';
import { acrossOrganizations } from './organization.ts';

/** A table that grows with calls, partitioned by day over a range of time-sortable ids: dropped by day, never deleted row by row. */
export interface PartitionedTable {
  table: string;
  /** The noun whose ids are in the partition column (`COLLATE "C"`). */
  id: IdNoun;
  retentionDays: number;
  /** Days before today that rows may still be of. Default 1. */
  daysBack?: number;
}

export const PARTITIONED_TABLES = Symbol('partitioned tables');

const DAY_MS = 86_400_000;
/** Enough that a keeper which is down over a long weekend blocks no insert. */
const DAYS_AHEAD = 7;
const TICK_MS = 3_600_000;

/** Makes the partitions of the coming days and drops those past their retention: at start, then every hour. */
@Injectable()
export class PartitionKeeper implements OnModuleInit, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> = Promise.resolve();

  constructor(
    private readonly source: DataSource,
    @Inject(PARTITIONED_TABLES) private readonly tables: PartitionedTable[],
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.tick(new Date());
    this.#timer = setInterval(() => {
      this.#ticking = this.tick(new Date()).catch((err: unknown) => {
        this.logger.error({ err }, 'partitions could not be kept; inserts go on for the days made ahead');
      });
    }, TICK_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
  }

  async tick(now: Date): Promise<void> {
    const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
    for (const kept of this.tables) await this.#keep(kept, today);
  }

  async #keep(kept: PartitionedTable, today: number): Promise<void> {
    const known = await this.#list(kept);
    for (let day = -(kept.daysBack ?? 1); day <= DAYS_AHEAD; day++) {
      const from = new Date(today + day * DAY_MS);
      if (!known.has(partitionName(kept.table, from))) await this.#make(kept, from);
    }
    const oldest = partitionName(kept.table, new Date(today - kept.retentionDays * DAY_MS));
    for (const name of [...known].filter((one) => one < oldest)) {
      await this.#drop(kept.table, name);
      this.logger.info({ partition: name }, 'dropped a partition past its retention');
    }
  }

  /** The partitions that a keeper made; what somebody else attached is none of its business. */
  async #list({ table }: PartitionedTable): Promise<Set<string>> {
    const rows: { name: string }[] = await this.source.query(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass`,
      [table],
    );
    const ours = new RegExp(`^${table}_p\\d{8}$`);
    return new Set(rows.map(({ name }) => name).filter((name) => ours.test(name)));
  }

  /** In a transaction each, because a new partition locks its table against everybody: it must not hold that for a second. */
  async #make({ table, id }: PartitionedTable, day: Date): Promise<void> {
    const next = new Date(day.getTime() + DAY_MS);
    const [name, low, high] = [partitionName(table, day), idFloor(id, day), idFloor(id, next)];
    await acrossOrganizations(this.source, (tx) => tx.query('select make_partition($1, $2, $3, $4)', [table, name, low, high]));
  }

  async #drop(table: string, name: string): Promise<void> {
    await acrossOrganizations(this.source, (tx) => tx.query('select drop_partition($1, $2)', [table, name]));
  }
}

function partitionName(table: string, day: Date): string {
  return `${table}_p${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
}
