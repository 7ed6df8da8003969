import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ATTR } from '@patchbay/service-kit/telemetry/names';
import { Observable, tap } from 'rxjs';
import { ROUTE, type RequestWithCaller, type RouteFacts } from './route.ts';

/** One server span per request, child of the caller's trace when it brings one. */
@Injectable()
export class TraceInterceptor implements NestInterceptor {
  readonly #tracer = trace.getTracer('@patchbay/gateway');

  constructor(private readonly reflector: Reflector) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = this.reflector.get<RouteFacts | undefined>(ROUTE, execution.getHandler());
    if (!route || execution.getType() !== 'http') return next.handle();
    const request = execution.switchToHttp().getRequest<RequestWithCaller>();
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = this.#tracer.startSpan(
      `${route.method} ${route.path}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          [ATTR.httpMethod]: route.method,
          [ATTR.httpRoute]: route.path,
          ...(request.caller ? { [ATTR.organizationId]: request.caller.organizationId } : {}),
        },
      },
      parent,
    );
    return new Observable((subscriber) =>
      context.with(trace.setSpan(parent, span), () =>
        next
          .handle()
          .pipe(
            tap({
              error: () => span.setStatus({ code: SpanStatusCode.ERROR }),
              finalize: () => span.end(),
            }),
          )
          .subscribe(subscriber),
      ),
    );
  }
}
