import { ERROR_STATUS, type ServiceErrorCode } from '@patchbay/contracts/errors';
import { ORGANIZATION_HEADER } from './access.guard.ts';
import { SESSION_COOKIE } from './cookies.ts';
import { CSRF_HEADER } from './foreign-page.ts';
import { operationSchemas, type Json, type OperationSchemas } from './openapi-schemas.ts';
import { restOperations, type RestOperation } from './rest-operations.ts';
import { BETWEEN_SERVICES, type RouteAccess, type RouteFacts } from './route.ts';

const ALWAYS_POSSIBLE = ['invalid_arguments', 'internal', 'unavailable', 'deadline_exceeded'] as const;
const WITH_A_CALLER = ['unauthenticated', 'forbidden'] as const;
const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

/** The OpenAPI 3.1 document of the controllers, generated from the contracts their routes name. */
export function openApiDocument(controllers: (new (...args: never[]) => object)[]): Json {
  const operations = restOperations(controllers);
  const schemas = operationSchemas(operations);
  const paths: Record<string, Json> = {};
  const errors: Record<string, Json> = {};
  for (const operation of operations) {
    const path = operation.facts.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.facts.method.toLowerCase()]: operationOf(operation, schemas, errors) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Patchbay',
      version: '1',
      description: 'The action plane for voice agents: configuration, calls and their evidence.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      parameters: { organization: ORGANIZATION },
      responses: errors,
      schemas: schemas.components,
    },
  };
}

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key (`pbk_...`), the token of a sign-in (`pbs_...`), or an access token that the identity provider signed for Patchbay.',
  },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
    description: `Set by signing in. A request that changes something must come from a page of the same origin, or carry \`${CSRF_HEADER}: 1\`.`,
  },
};

const ORGANIZATION = {
  name: ORGANIZATION_HEADER,
  in: 'header',
  required: false,
  schema: { type: 'string' },
  description: 'For a person of several organizations: the one to act in; the first they joined unless told.',
};

function operationOf({ operationId, facts }: RestOperation, schemas: OperationSchemas, errors: Record<string, Json>): Json {
  const inPath = [...facts.path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  const request = withoutScope(schemas.requests.get(operationId)!, inPath);
  const isPublic = 'public' in facts.access;
  return {
    operationId,
    summary: facts.contract.summary,
    description: accessInWords(facts.access),
    tags: [facts.tag],
    ...('permission' in facts.access ? { 'x-permission': facts.access.permission } : {}),
    ...(isPublic ? { security: [] } : {}),
    parameters: [
      ...inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...(facts.method === 'GET' ? queryOf(request) : []),
      ...(isPublic ? [] : [ref('parameters', 'organization')]),
    ],
    ...(facts.method === 'GET' ? {} : bodyOf(request)),
    responses: {
      [facts.status]: answerOf(facts, schemas.replies.get(operationId)),
      ...errorResponses([...ALWAYS_POSSIBLE, ...(isPublic ? [] : WITH_A_CALLER), ...facts.contract.errors], errors),
    },
  };
}

function accessInWords(access: RouteAccess): string {
  if ('permission' in access) return `Needs the permission \`${access.permission}\`.`;
  return 'public' in access ? `Open to everyone. ${access.public}` : `For every caller. ${access.anyCaller}`;
}

interface RequestSchema extends Json {
  properties: Record<string, Json>;
  required?: string[] | undefined;
}

/** The body is the message minus what comes from the caller and the path. */
function withoutScope(schema: Json, inPath: string[]): RequestSchema {
  const hidden = new Set(['organizationId', ...BETWEEN_SERVICES, ...inPath]);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>).filter(([name]) => !hidden.has(name));
  const required = ((schema['required'] ?? []) as string[]).filter((name) => !hidden.has(name));
  return {
    ...schema,
    properties: Object.fromEntries(properties),
    required: required.length > 0 ? required : undefined,
  };
}

function queryOf({ properties, required }: RequestSchema): Json[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required?.includes(name) ?? false,
    schema,
  }));
}

function bodyOf(schema: RequestSchema): Json {
  if (Object.keys(schema.properties).length === 0) return {};
  return { requestBody: { required: schema.required !== undefined, content: { 'application/json': { schema } } } };
}

function answerOf({ answer }: RouteFacts, reply: string | undefined): Json {
  if (answer === 'redirect') return { description: 'Sends the browser on.', headers: { location: { schema: { type: 'string' } } } };
  const type = answer === 'ndjson' ? 'application/x-ndjson' : 'application/json';
  return { description: 'Done.', content: { [type]: { schema: ref('schemas', reply!) } } };
}

/** Each refusal is said once among the components, named after the codes that share its status. */
function errorResponses(codes: ServiceErrorCode[], said: Record<string, Json>): Json {
  const byStatus = Map.groupBy(new Set(codes), (code) => String(ERROR_STATUS[code]));
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => {
      const name = same.join('.');
      said[name] ??= {
        description: same.join(', '),
        content: { 'application/json': { schema: ref('schemas', 'Error') } },
      };
      return [status, ref('responses', name)];
    }),
  );
}
