import type { LoggerService } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { pino, type Logger, type LoggerOptions } from 'pino';
import type { Writable } from 'node:stream';

/**
 * JSON lines on stdout, with the trace they belong to. Header and secret fields are never printed.
 *
 * @param stream for a program whose output has other lines too: on a stream of its own, pino may write one later than what came after it
 */
export function createLogger(service: string, level: string, stream?: Writable): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['*.authorization', '*.secret', '*.apiKey', 'headers.authorization'], censor: '[secret]' },
    mixin() {
      const span = trace.getActiveSpan()?.spanContext();
      return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
    },
  };
  return stream ? pino(options, stream) : pino(options);
}

/** Nest's own messages through the same logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error({ context, stack, err: message instanceof Error ? message : undefined }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }
}

/** Injection token of the process's logger. */
export const KIT_LOGGER = Symbol('logger');
