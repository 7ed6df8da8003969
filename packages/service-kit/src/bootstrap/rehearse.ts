import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NestLogger } from '../telemetry/logger.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { startTelemetry } from '../telemetry/telemetry.ts';
import { KitModule, type KitOptions, type KitParts } from './kit.module.ts';

/**
 * Answers requests that nobody sent and keeps nothing of them, before the service takes any: a process needs several times as long for each of
 * the first hundreds, until its code is compiled. It has the connections of the service, and metrics that nobody reads.
 */
export type Rehearse = (parts: KitParts) => Promise<void>;

/** Spans are made, and go nowhere. Never rejects: a service that could not rehearse is up, and slow at first. */
export async function performRehearsal(rehearse: Rehearse, { logger, ...parts }: Omit<KitParts, 'metrics'>): Promise<void> {
  const startedAt = performance.now();
  const telemetry = startTelemetry({ serviceName: 'rehearsal', serviceVersion: '', urls: [] });
  try {
    await rehearse({ ...parts, logger, metrics: new Metrics(logger) });
    logger.info({ ms: Math.round(performance.now() - startedAt) }, 'rehearsed');
  } catch (err) {
    logger.warn({ err }, 'the service could not rehearse; its first requests are slow');
  } finally {
    await telemetry.stop();
  }
}

/** A module of the service by itself, with what every service is given; its hooks have run. Close it. */
export function openContext(module: DynamicModule, parts: KitParts, options: KitOptions): Promise<INestApplicationContext> {
  @Module({ imports: [KitModule.with(parts, options), module] })
  class PartModule {}

  return NestFactory.createApplicationContext(PartModule, { logger: new NestLogger(parts.logger), abortOnError: false });
}
