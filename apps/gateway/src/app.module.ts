import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { CONTROLLERS } from './controllers/all.ts';
import { OpenApiController } from './controllers/openapi.controller.ts';
import { UnknownRouteController } from './controllers/unknown-route.controller.ts';
import { ApiKeyGuard } from './http/api-key.guard.ts';
import { ErrorFilter } from './http/error.filter.ts';
import { TraceInterceptor } from './http/trace.interceptor.ts';
import { ApiCallers } from './outside/api-callers.ts';
import { EdgeRequests } from './outside/edge-requests.ts';

@Module({
  // The last one takes what no other route does.
  controllers: [...CONTROLLERS, OpenApiController, UnknownRouteController],
  providers: [
    ApiCallers,
    EdgeRequests,
    { provide: APP_GUARD, useClass: ApiKeyGuard },
    { provide: APP_INTERCEPTOR, useClass: TraceInterceptor },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
export class AppModule {}
