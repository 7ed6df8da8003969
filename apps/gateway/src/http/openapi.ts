import 'reflect-metadata';
import { ERROR_STATUS, ErrorBody } from '@patchbay/contracts/errors';
import { jsonSchemas, type NamedSchemas } from '@patchbay/contracts/json-schemas';
import { ROUTE, type RouteFacts } from './route.ts';

type Json = Record<string, unknown>;

const ALWAYS_POSSIBLE = ['invalid_arguments', 'unauthenticated', 'internal', 'unavailable', 'deadline_exceeded'] as const;

/** The OpenAPI 3.1 document of the controllers, generated from the contracts their routes name. */
export function openApiDocument(controllers: (new (...args: never[]) => object)[]): Json {
  const routes = controllers.flatMap(routesOf);
  const inputs: NamedSchemas = {};
  const outputs: NamedSchemas = { Error: ErrorBody };
  for (const { operationId, facts } of routes) {
    inputs[`${operationId}Request`] = facts.contract.input;
    outputs[`${operationId}Reply`] = facts.contract.output;
  }
  const schemas = { ...jsonSchemas(inputs, 'input'), ...jsonSchemas(outputs, 'output') };
  const paths: Record<string, Json> = {};
  for (const { operationId, facts } of routes) {
    const path = facts.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [facts.method.toLowerCase()]: operationOf(operationId, facts, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Patchbay', version: '1', description: 'The action plane for voice agents: configuration, calls and their evidence.' },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    paths,
    components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } }, schemas },
  };
}

function routesOf(controller: new (...args: never[]) => object): { operationId: string; facts: RouteFacts }[] {
  const noun = controller.name.replace(/Controller$/, '');
  return Object.getOwnPropertyNames(controller.prototype).flatMap((method) => {
    const handler: unknown = controller.prototype[method as never];
    const facts = typeof handler === 'function' ? (Reflect.getMetadata(ROUTE, handler) as RouteFacts | undefined) : undefined;
    return facts ? operationsOf(noun + capitalized(method), facts) : [];
  });
}

/** One for a route, or one for each operation that its path may name. */
function operationsOf(operationId: string, facts: RouteFacts): { operationId: string; facts: RouteFacts }[] {
  if (!facts.oneOf) return [{ operationId, facts }];
  const { parameter, contracts } = facts.oneOf;
  return Object.entries(contracts).map(([operation, contract]) => ({
    operationId: operationId + operation.split('.').map(capitalized).join(''),
    facts: { ...facts, path: facts.path.replace(`:${parameter}`, operation), contract },
  }));
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function operationOf(operationId: string, facts: RouteFacts, schemas: Record<string, Json>): Json {
  const inPath = [...facts.path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  const request = withoutScope(schemas[`${operationId}Request`]!, inPath);
  delete schemas[`${operationId}Request`];
  const properties = (request['properties'] ?? {}) as Record<string, Json>;
  const parameters = inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const query =
    facts.method === 'GET'
      ? Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
      : [];
  return {
    operationId,
    summary: facts.contract.summary,
    tags: [facts.tag],
    parameters: [...parameters, ...query],
    ...(facts.method === 'GET' ? {} : { requestBody: { required: true, content: { 'application/json': { schema: request } } } }),
    responses: {
      [facts.status]: {
        description: 'Done.',
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${operationId}Reply` } } },
      },
      ...errorResponses(facts.contract.errors),
    },
  };
}

function errorResponses(declared: RouteFacts['contract']['errors']): Json {
  const byStatus = Map.groupBy([...ALWAYS_POSSIBLE, ...declared], (code) => String(ERROR_STATUS[code]));
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      { description: codes.join(', '), content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
    ]),
  );
}

/** The body is the message minus what comes from the API key and the path. */
function withoutScope(schema: Json, inPath: string[]): Json {
  const hidden = new Set(['organizationId', ...inPath]);
  const properties = Object.entries((schema['properties'] ?? {}) as Json).filter(([name]) => !hidden.has(name));
  const required = ((schema['required'] ?? []) as string[]).filter((name) => !hidden.has(name));
  return { ...schema, properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : { required: undefined }) };
}

