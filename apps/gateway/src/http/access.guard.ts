import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ApiCaller } from '@patchbay/contracts/access';
import { ServiceError } from '@patchbay/contracts/errors';
import { idOf } from '@patchbay/contracts/identity';
import { MetricsController } from '@patchbay/service-kit/bootstrap/metrics.controller';
import { HealthController } from '@patchbay/service-kit/bootstrap/readiness';
import { ApiCallers } from '../outside/api-callers.ts';
import { refuseForeignPage } from './foreign-page.ts';
import { refuseFromOutside } from './from-outside.ts';
import { proofOf } from './proof.ts';
import { OPEN, ROUTE, type RequestWithCaller, type RouteAccess, type RouteFacts } from './route.ts';

/** Names one of the organizations of a person who is in several. */
export const ORGANIZATION_HEADER = 'patchbay-organization';
const OrganizationId = idOf('organization');

/** Every route says whom it is for: a forgotten word shuts a door, it does not open one. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: ApiCallers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<RequestWithCaller>();
    const access = this.#accessOf(context, request);
    if ('public' in access) return true;
    const caller = await this.#callerOf(request);
    if ('permission' in access && !caller.permissions.includes(access.permission)) throw lacks(access.permission);
    request.caller = caller;
    return true;
  }

  #accessOf(context: ExecutionContext, request: RequestWithCaller): RouteAccess {
    // The kit's, so they carry no mark of ours. This one says whether the process lives, and nothing of anyone.
    if (context.getClass() === HealthController) return { public: 'Probes have no key.' };
    if (context.getClass() === MetricsController) {
      refuseFromOutside(request);
      return { public: 'Prometheus has no key; how much is asked here is for who runs this.' };
    }
    const reason = this.reflector.get<string | undefined>(OPEN, context.getHandler());
    if (reason) return { public: reason };
    const route = this.reflector.get<RouteFacts | undefined>(ROUTE, context.getHandler());
    if (route) return route.access;
    throw new ServiceError('forbidden', 'This route does not say whom it is for, so it is shut.');
  }

  async #callerOf(request: RequestWithCaller): Promise<ApiCaller> {
    const proof = proofOf(request);
    if (proof.byCookie) refuseForeignPage(request);
    const organizationId = organizationOf(request);
    const caller = await this.callers.identify(proof, organizationId);
    if (organizationId === undefined || organizationId === caller.organizationId) return caller;
    throw ServiceError.fields('forbidden', 'This caller does not act for that organization.', [
      { path: ORGANIZATION_HEADER, problem: `is not an organization of the caller` },
    ]);
  }
}

function organizationOf(request: RequestWithCaller): string | undefined {
  const named = request.headers[ORGANIZATION_HEADER];
  if (named === undefined) return undefined;
  const { data } = OrganizationId.safeParse(named);
  if (data) return data;
  throw ServiceError.fields('invalid_arguments', 'The header names no organization.', [
    { path: ORGANIZATION_HEADER, problem: 'is not an id of the form org_...' },
  ]);
}

function lacks(permission: string): ServiceError {
  return new ServiceError('forbidden', `This needs the permission ${permission}, which the caller does not have.`, {
    details: { permission },
  });
}
