import { describe, expect, it } from '@jest/globals';
import { EDGE_OPERATIONS } from '@patchbay/contracts/edge';
import { CONTROLLERS } from '../controllers/all.ts';
import { openApiDocument } from './openapi.ts';

interface Operation {
  description: string;
  security?: unknown[];
  'x-permission'?: string;
  parameters: { name?: string; in?: string; required?: boolean; $ref?: string }[];
  requestBody?: {
    required: boolean;
    content: { 'application/json': { schema: { properties: Record<string, unknown> } } };
  };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: { $ref: string } }>; headers?: object }>;
}

const document = openApiDocument(CONTROLLERS) as {
  security: unknown[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
};
const operation = (method: string, path: string) => document.paths[path]![method]!;
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

describe('the OpenAPI document', () => {
  it('says of every operation whom it is for, by key or cookie', () => {
    expect(document.security).toEqual([{ bearer: [] }, { cookie: [] }]);
    expect(document.components['securitySchemes']).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      cookie: { type: 'apiKey', in: 'cookie', name: 'patchbay_session' },
    });
    expect(operation('post', '/v1/tools')).toMatchObject({
      'x-permission': 'tools:write',
      description: 'Needs the permission `tools:write`.',
    });
    const without = operations.filter((one) => !one['x-permission'] && !/^(Open to everyone|For every caller)\. \S/.test(one.description));
    expect(without).toEqual([]);
  });

  it('marks what needs no caller', () => {
    const open = Object.keys(document.paths).filter((path) => document.paths[path]!['get']?.security?.length === 0);

    expect(open).toEqual(['/v1/sign-in', '/v1/sign-in/callback', '/v1/authorizations/callback']);
    expect(operation('get', '/v1/sign-in').responses).toMatchObject({ 302: { headers: { location: {} } } });
  });

  it('has the errors of every operation', () => {
    const { responses } = operation('post', '/v1/agents/{agentId}/versions/{versionId}/deploy');

    expect(responses['403']).toEqual({ $ref: '#/components/responses/forbidden' });
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '400', '401', '403', '404', '412', '503', '504']));
  });

  it('leaves out of a body what comes from the caller and the path', () => {
    const { requestBody, parameters } = operation('patch', '/v1/connections/{connectionId}');

    expect(Object.keys(requestBody!.content['application/json'].schema.properties)).toEqual(['name', 'isDefault', 'check', 'origins', 'scopes']);
    expect(parameters).toContainEqual({ name: 'connectionId', in: 'path', required: true, schema: { type: 'string' } });
  });

  it('asks for no body where there is nothing to say', () => {
    expect(operation('post', '/v1/connections/{connectionId}/enable').requestBody).toBeUndefined();
  });

  it('has each operation of the edge contract, with what it takes', () => {
    const paths = Object.keys(document.paths).filter((path) => /^\/v1\/edges\/\{edgeId\}\/[^/]+$/.test(path));

    expect(paths.map((path) => path.split('/').at(-1))).toEqual([...EDGE_OPERATIONS]);
    expect(JSON.stringify(operation('post', '/v1/edges/{edgeId}/invocation.cancel'))).toContain('"toolCallId"');
  });

  it('says once what many operations share, apart for requests and answers', () => {
    const { schema } = operation('post', '/v1/tools').requestBody!.content['application/json'];

    expect(schema.properties['http']).toEqual({ $ref: '#/components/schemas/HttpRequestTemplateInput' });
    expect(operation('get', '/v1/tools/{toolId}').responses['200']!.content).toEqual({
      'application/json': { schema: { $ref: '#/components/schemas/Tool' } },
    });
    expect(document.components['schemas']!['Tool']).toMatchObject({
      properties: { http: { $ref: '#/components/schemas/HttpRequestTemplate' } },
    });
  });

  it('points to nothing that is not there', () => {
    const pointers = [...JSON.stringify(document).matchAll(/"#\/components\/(\w+)\/([\w.]+)"/g)];

    expect(pointers.length).toBeGreaterThan(100);
    expect(pointers.filter(([, kind, name]) => !document.components[kind!]?.[name!]).map(([pointer]) => pointer)).toEqual([]);
  });

  it('never answers with a field that takes a secret', () => {
    const { Connection, ConnectionsListReply } = document.components['schemas']!;

    expect(JSON.stringify([Connection, ConnectionsListReply])).not.toMatch(/"(secret|headers|token|refreshToken|clientSecret)":/);
  });
});
