import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import type { FastifyReply } from 'fastify';
import { RETRY_AFTER_SECONDS } from './accept-otlp.ts';

/** Says in OTLP/HTTP's own words whether the same export may be sent again: 503 means yes, 400 means never. */
@Catch(ServiceError)
export class ComeBackFilter implements ExceptionFilter<ServiceError> {
  catch(error: ServiceError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
    reply.status(error.status).send({ message: error.message });
  }
}
