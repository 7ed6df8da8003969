import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { ServiceError } from '@patchbay/contracts/errors';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';

/** Every failure leaves as `{ code, message, details?, traceId? }`; the unexpected is logged here and says nothing of itself. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(KIT_LOGGER) private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (thrown instanceof HttpException && thrown.getStatus() === 503) {
      void reply.status(503).send(thrown.getResponse());
      return;
    }
    const error = this.#toServiceError(thrown);
    // A refusal says by which scheme one may come in (RFC 9110, 15.5.2).
    if (error.code === 'unauthenticated') void reply.header('www-authenticate', 'Bearer');
    const traceId = trace.getActiveSpan()?.spanContext().traceId;
    void reply.status(error.status).send({ ...error.toBody(), ...(traceId ? { traceId } : {}) });
  }

  #toServiceError(thrown: unknown): ServiceError {
    if (thrown instanceof ServiceError) return thrown;
    const { statusCode, message } = thrown as { statusCode?: number; message?: string };
    const status = thrown instanceof HttpException ? thrown.getStatus() : statusCode;
    if (status === 404) return new ServiceError('not_found', 'There is no such route; see /openapi.json.');
    if (status === 413) return new ServiceError('payload_too_large', 'The body is larger than the gateway takes.');
    if (status && status >= 400 && status < 500) {
      return ServiceError.fields('invalid_arguments', message ?? 'The request cannot be read.', [
        { path: 'body', problem: message ?? 'cannot be read' },
      ]);
    }
    this.logger.error({ err: thrown }, 'a request failed');
    return new ServiceError('internal', 'Internal error.');
  }
}
