import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { RETRY_AFTER_SECONDS } from './accept-otlp.ts';

/** Says in OTLP/HTTP's own words whether the same export may be sent again: 503 means yes, 400 means never. */
@Catch(ServiceError)
export class ComeBackFilter implements ExceptionFilter<ServiceError> {
  constructor(@Inject(KIT_LOGGER) private readonly logger: Logger) {}

  catch(error: ServiceError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
    if (error.cause) this.logger.error({ err: error.cause }, 'spans could not be stored');
    reply.status(error.status).send({ message: error.message });
  }
}
