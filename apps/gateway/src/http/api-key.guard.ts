import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ServiceError } from '@patchbay/contracts/errors';
import { HealthController } from '@patchbay/service-kit/bootstrap/readiness';
import { ApiCallers } from '../outside/api-callers.ts';
import { PUBLIC, ROUTE, type RequestWithCaller, type RouteFacts } from './route.ts';

/** Every route needs an API key unless it is marked public: a forgotten mark shuts a door, it does not open one. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: ApiCallers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http' || context.getClass() === HealthController) return true;
    if (this.reflector.get<boolean | undefined>(PUBLIC, context.getHandler())) return true;
    const request = context.switchToHttp().getRequest<RequestWithCaller>();
    const caller = await this.callers.identify(bearerOf(request.headers.authorization));
    const route = this.reflector.get<RouteFacts | undefined>(ROUTE, context.getHandler());
    if (route?.role === 'operator' && caller.role !== 'operator') {
      throw new ServiceError('forbidden', 'This needs the API key of an operator.');
    }
    request.caller = caller;
    return true;
  }
}

function bearerOf(authorization: string | undefined): string {
  const [, key] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (key) return key;
  throw ServiceError.fields('unauthenticated', 'An API key is needed: authorization: Bearer pbk_...', [
    { path: 'authorization', problem: authorization ? 'is not "Bearer <API key>"' : 'is missing' },
  ]);
}
