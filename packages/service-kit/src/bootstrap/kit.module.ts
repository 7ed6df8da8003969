import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { RpcGroup } from '@patchbay/contracts/define';
import { DataSource } from 'typeorm';
import type { Logger } from 'pino';
import { WORKERS } from '../database/database.ts';
import { EMITTER, OutboxRelay } from '../database/outbox.ts';
import { PARTITIONED_TABLES, PartitionKeeper, type PartitionedTable } from '../database/partitions.ts';
import { clientProvider } from '../messaging/client.ts';
import { NATS } from '../messaging/nats.ts';
import { KIT_LOGGER } from '../telemetry/logger.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { MetricsController } from './metrics.controller.ts';
import { HealthController, Readiness } from './readiness.ts';

export interface KitParts {
  nats: NatsConnection;
  logger: Logger;
  metrics: Metrics;
  source?: DataSource;
  workers?: DataSource;
}

export interface KitOptions {
  /** The neighbours this service asks. */
  clients?: RpcGroup[];
  partitions?: PartitionedTable[];
  /** Set when the service emits events: its name, and it must have an `outbox` table. */
  emits?: string;
}

/** What every service is given: connection, database, logger, clients, health, metrics. Global, so that a service's module lists only its own parts. */
@Module({})
export class KitModule {
  static with(parts: KitParts, options: KitOptions): DynamicModule {
    const providers: Provider[] = [
      { provide: NATS, useValue: parts.nats },
      { provide: KIT_LOGGER, useValue: parts.logger },
      { provide: Metrics, useValue: parts.metrics },
      ...(parts.source ? [{ provide: DataSource, useValue: parts.source }] : []),
      ...(parts.workers ? [{ provide: WORKERS, useValue: parts.workers }] : []),
      ...(options.clients ?? []).map(clientProvider),
      ...(options.partitions ? [{ provide: PARTITIONED_TABLES, useValue: options.partitions }, PartitionKeeper] : []),
      ...(options.emits ? [{ provide: EMITTER, useValue: options.emits }, OutboxRelay] : []),
      Readiness,
    ];
    return { module: KitModule, global: true, providers, exports: providers, controllers: [HealthController, MetricsController] };
  }
}
