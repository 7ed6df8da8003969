import {
  applyDecorators,
  createParamDecorator,
  Delete,
  Get,
  HttpCode,
  Patch,
  Post,
  Put,
  Redirect,
  SetMetadata,
  type ExecutionContext,
} from '@nestjs/common';
import type { ApiCaller } from '@patchbay/contracts/access';
import type { Rpc } from '@patchbay/contracts/define';
import type { Permission } from '@patchbay/contracts/permissions';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Whom a route is for: callers with a permission, every caller, or everyone. The last two say why. */
export type RouteAccess = { permission: Permission } | { anyCaller: string } | { public: string };

/** A REST operation: what OpenAPI says of it and whom the guard lets in. */
export interface RouteFacts {
  method: Method;
  /** With parameters as `:name`. */
  path: string;
  contract: Pick<Rpc, 'summary' | 'input' | 'output' | 'errors'>;
  tag: string;
  access: RouteAccess;
  status: number;
  answer: RouteAnswer;
  /** A path parameter that names one of several operations, and the contract of each: OpenAPI says them one by one. */
  oneOf?: OneOf | undefined;
}

/** `ndjson`: one JSON value a line, as a file. `redirect`: sends a browser on, by 302. */
type RouteAnswer = 'json' | 'ndjson' | 'redirect';

interface OneOf {
  parameter: string;
  contracts: Readonly<Record<string, RouteFacts['contract']>>;
}

export const ROUTE = Symbol('route');
/** Why a handler outside the REST API needs no caller; one without it and without `@Route` is shut. */
export const OPEN = Symbol('open');
export const Open = (reason: string) => SetMetadata(OPEN, reason);

export interface RequestWithCaller extends FastifyRequest {
  caller?: ApiCaller;
}

const DECORATORS = { GET: Get, POST: Post, PUT: Put, PATCH: Patch, DELETE: Delete };

/**
 * `@Route('POST /v1/edges', credentials.createEdge, { permission: 'edges:write' })`: the HTTP body is the message without its scope. POST answers
 * 201, a redirect 302, the others 200, unless told.
 */
export function Route(
  route: `${Method} /${string}`,
  contract: RouteFacts['contract'],
  options: RouteAccess & { status?: number; answer?: RouteAnswer; oneOf?: OneOf },
) {
  const [method, path] = route.split(' ') as [Method, string];
  const { answer = 'json', oneOf, status: told, ...access } = options;
  const isRedirect = answer === 'redirect';
  const status = told ?? (isRedirect ? 302 : method === 'POST' ? 201 : 200);
  const facts: RouteFacts = { method, path, contract, tag: path.split('/')[2] ?? '', access, status, answer, oneOf };
  const sends = isRedirect ? Redirect('/', status) : HttpCode(status);
  return applyDecorators(DECORATORS[method](path), sends, SetMetadata(ROUTE, facts));
}

/** Fields of messages that no caller sends: how a secret is sealed, and which browser asks, is between the gateway and the services. */
export const BETWEEN_SERVICES = ['sealed', 'sealTo', 'browserBinding'];

/**
 * The message of a request: body (or query), path parameters, and the organization of the caller, which nothing else can name.
 * Not checked here: the service that owns the contract checks it and names the wrong fields. What the contract does not name stays here:
 * a secret in a field of the wrong name must not travel in the open, and how secrets are sealed is between us and the services.
 */
export const Input = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<RequestWithCaller>();
  const given = request.method === 'GET' ? request.query : request.body;
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  const facts = Reflect.getMetadata(ROUTE, context.getHandler()) as RouteFacts;
  const named = facts.contract.input instanceof z.ZodObject ? Object.keys(facts.contract.input.shape) : [];
  const fields = Object.entries(isObject ? given : {}).filter(([name]) => named.includes(name) && !BETWEEN_SERVICES.includes(name));
  return {
    ...Object.fromEntries(fields),
    ...(request.params as Record<string, string>),
    organizationId: request.caller?.organizationId,
  };
});

export const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<RequestWithCaller>().caller,
);
