import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { AddressInfo } from 'node:net';
import type { Secret } from '../config/secret.ts';
import { openDatabase, openWorkers, type DatabaseOptions } from '../database/database.ts';
import { connectNats } from '../messaging/nats.ts';
import { RequestMetrics } from '../messaging/request-metrics.ts';
import { NatsTransport } from '../messaging/transport.ts';
import { createLogger, NestLogger } from '../telemetry/logger.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { measureProcess } from '../telemetry/process-metrics.ts';
import { otlpUrls, startTelemetry } from '../telemetry/telemetry.ts';
import { KitModule, type KitOptions } from './kit.module.ts';
import { Readiness } from './readiness.ts';
import { performRehearsal, type Rehearse } from './rehearse.ts';

export interface ServiceEnv {
  NATS_URL: string;
  NATS_CREDS?: string;
  OBSERVABILITY_OTLP_URL?: string;
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  LOG_LEVEL: string;
  DATABASE_URL?: Secret;
  DATABASE_MIGRATION_URL?: Secret;
  DATABASE_POOL_SIZE?: number;
}

export interface ServiceDefinition {
  name: string;
  version: string;
  env: ServiceEnv;
  listen: { host: string; port: number };
  /** The service's own module. */
  module: Type | DynamicModule;
  kit?: KitOptions;
  /** `workerConnections`: so many of a second pool that works over all organizations, see `openWorkers`. */
  database?: Pick<DatabaseOptions, 'entities' | 'migrations' | 'warmConnections'> & { workerConnections?: number };
  /** Done once before it takes requests. */
  rehearse?: Rehearse;
  /** For a service whose HTTP side is more than health. */
  http?: { bodyLimitBytes: number; trustedProxies?: string[]; configure?: (app: NestFastifyApplication) => Promise<void> | void };
}

export interface RunningService {
  url: string;
  app: NestFastifyApplication;
  /** Readiness off → subscriptions drained → handlers finished → outbox and telemetry flushed → connection drained → database closed. */
  stop(): Promise<void>;
}

/** Starts one service and resolves when it is ready: subscribed, flushed, listening. */
export async function startService(definition: ServiceDefinition): Promise<RunningService> {
  const { name, version, env, listen } = definition;
  const logger = createLogger(name, env.LOG_LEVEL);
  const source =
    definition.database && env.DATABASE_URL
      ? await openDatabase({
          url: env.DATABASE_URL,
          migrationUrl: env.DATABASE_MIGRATION_URL,
          poolSize: env.DATABASE_POOL_SIZE ?? 10,
          logger,
          ...definition.database,
        })
      : undefined;
  const workers =
    definition.database?.workerConnections && env.DATABASE_URL
      ? await openWorkers({
          url: env.DATABASE_URL,
          entities: definition.database.entities,
          poolSize: definition.database.workerConnections,
          warmConnections: definition.database.workerConnections,
          logger,
        })
      : undefined;
  const nats = await connectNats({ name, urls: env.NATS_URL, credentialsFile: env.NATS_CREDS, logger });
  const parts = { nats, logger, source, workers };
  if (definition.rehearse) await performRehearsal(definition.rehearse, parts);
  const telemetry = startTelemetry({ serviceName: name, serviceVersion: version, urls: otlpUrls(env) });
  const metrics = new Metrics(logger);

  @Module({ imports: [KitModule.with({ ...parts, metrics }, definition.kit ?? {}), definition.module] })
  class ServiceModule {}

  const adapter = new FastifyAdapter({
    bodyLimit: definition.http?.bodyLimitBytes ?? 65_536,
    forceCloseConnections: true,
    // Only these may say for whom they ask; anybody else's X-Forwarded-For is a claim.
    ...(definition.http?.trustedProxies?.length ? { trustProxy: definition.http.trustedProxies } : {}),
    // A GET that has an effect (a call-back) would have it for whoever only looks.
    exposeHeadRoutes: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(ServiceModule, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
    forceCloseConnections: true,
  });
  await definition.http?.configure?.(app);
  const transport = new NatsTransport(nats, name, logger, new RequestMetrics(metrics));
  app.connectMicroservice({ strategy: transport });
  // Snapshots are loaded by the hooks of `init`: a request that came earlier would not find its session.
  await app.init();
  await app.startAllMicroservices();
  await app.listen(listen.port, listen.host);
  const readiness = app.get(Readiness);
  readiness.open();
  const stopMeasuring = measureProcess(metrics);
  const { port } = app.getHttpServer().address() as AddressInfo;
  logger.info({ port, version }, 'ready');

  return {
    url: `http://${listen.host}:${port}`,
    app,
    async stop() {
      readiness.close();
      await transport.close();
      await app.close();
      stopMeasuring();
      await telemetry.stop();
      // While NATS is away there is nothing to drain; the database must be closed all the same.
      await nats.drain().catch((err: unknown) => {
        logger.warn({ err }, 'the NATS connection could not be drained');
        return nats.close();
      });
      await workers?.destroy();
      await source?.destroy();
      logger.info('stopped');
    },
  };
}

/** `startService` as a process: stops on SIGTERM and SIGINT, exits 0; a failed start is said in one line and exits 1. */
export async function runService(define: () => ServiceDefinition): Promise<void> {
  try {
    const running = await startService(define());
    let stopping = false;
    const stop = () => {
      if (stopping) return;
      stopping = true;
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  } catch (error) {
    fail(error);
  }
}

/** What whoever starts the service can mend: a stack would only hide it. */
const SAID_IN_WORDS = new Set(['EnvironmentError', 'DatabaseRoleError']);

function fail(error: unknown): never {
  const text = error instanceof Error && SAID_IN_WORDS.has(error.name) ? error.message : String((error as Error)?.stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
