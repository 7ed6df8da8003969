import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { CONTROLLERS } from './controllers/all.ts';
import { OpenApiController } from './controllers/openapi.controller.ts';
import { UnknownRouteController } from './controllers/unknown-route.controller.ts';
import type { Env } from './env.ts';
import { AccessGuard } from './http/access.guard.ts';
import { Cookies } from './http/cookies.ts';
import { ErrorFilter } from './http/error.filter.ts';
import { TraceInterceptor } from './http/trace.interceptor.ts';
import { AccessChanges } from './outside/access-changes.ts';
import { ApiCallers, BELIEVED_MS } from './outside/api-callers.ts';
import { AuditExport } from './outside/audit-export.ts';
import { EdgeRegister } from './outside/edge-register.ts';
import { EdgeRequests } from './outside/edge-requests.ts';
import { SecretEnvelopes } from './outside/secret-envelopes.ts';

@Module({})
export class AppModule {
  static with(env: Env): DynamicModule {
    return {
      module: AppModule,
      // The last one takes what no other route does.
      controllers: [...CONTROLLERS, OpenApiController, UnknownRouteController],
      providers: [
        AccessChanges,
        ApiCallers,
        AuditExport,
        EdgeRegister,
        EdgeRequests,
        SecretEnvelopes,
        { provide: BELIEVED_MS, useValue: env.GATEWAY_BELIEVED_MS },
        { provide: Cookies, useValue: new Cookies(env.GATEWAY_PUBLIC_URL) },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: TraceInterceptor },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}
