import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Actor } from '@patchbay/contracts/actor';
import { withActor } from '@patchbay/service-kit/messaging/actor';
import { ATTR } from '@patchbay/service-kit/telemetry/names';
import { Observable, tap } from 'rxjs';
import { ROUTE, type RequestWithCaller, type RouteFacts } from './route.ts';

/** One server span per request, child of the caller's trace when it brings one; what is asked of services inside it names who caused it. */
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
      context.with(withActor(trace.setSpan(parent, span), actorOf(request)), () =>
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

/** Of a public route nobody is known but where the request came from. */
function actorOf({ caller, ip }: RequestWithCaller): Actor {
  if (!caller) return { kind: 'service', id: 'gateway', from: ip };
  if (caller.personId) return { kind: 'person', id: caller.personId, from: ip };
  return { kind: 'api_key', id: caller.apiKeyId, from: ip };
}
