import { applyDecorators, createParamDecorator, Delete, Get, HttpCode, Post, Put, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { ApiCaller } from '@patchbay/contracts/credentials';
import type { Rpc } from '@patchbay/contracts/define';
import type { FastifyRequest } from 'fastify';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A REST operation: what OpenAPI says of it and whom the guard lets in. */
export interface RouteFacts {
  method: Method;
  /** With parameters as `:name`. */
  path: string;
  contract: Pick<Rpc, 'summary' | 'input' | 'output' | 'errors'>;
  tag: string;
  role: 'member' | 'operator';
  status: number;
  /** A path parameter that names one of several operations, and the contract of each: OpenAPI says them one by one. */
  oneOf?: OneOf | undefined;
}

interface OneOf {
  parameter: string;
  contracts: Readonly<Record<string, RouteFacts['contract']>>;
}

export const ROUTE = Symbol('route');
/** Marks a handler that needs no API key. */
export const PUBLIC = Symbol('public');
export const Public = () => SetMetadata(PUBLIC, true);

export interface RequestWithCaller extends FastifyRequest {
  caller?: ApiCaller;
}

const DECORATORS = { GET: Get, POST: Post, PUT: Put, DELETE: Delete };

/** `@Route('POST /v1/edges', credentials.createEdge)`: the HTTP body is the message without its scope. POST answers 201, the others 200, unless told. */
export function Route(
  route: `${Method} /${string}`,
  contract: RouteFacts['contract'],
  options: { role?: 'member' | 'operator'; status?: number; oneOf?: OneOf } = {},
) {
  const [method, path] = route.split(' ') as [Method, string];
  const status = options.status ?? (method === 'POST' ? 201 : 200);
  const { role = 'member', oneOf } = options;
  const facts: RouteFacts = { method, path, contract, tag: path.split('/')[2] ?? '', role, status, oneOf };
  return applyDecorators(DECORATORS[method](path), HttpCode(status), SetMetadata(ROUTE, facts));
}

/**
 * The message of a request: body (or query), path parameters, and the organization of the API key, which nothing else can name.
 * Not checked here: the service that owns the contract checks it and names the wrong fields.
 */
export const Input = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<RequestWithCaller>();
  const given = request.method === 'GET' ? request.query : request.body;
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  return {
    ...(isObject ? given : {}),
    ...(request.params as Record<string, string>),
    organizationId: request.caller?.organizationId,
  };
});

export const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<RequestWithCaller>().caller,
);
