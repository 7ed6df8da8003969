import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ServiceError } from '@patchbay/contracts/errors';
import { PERMISSIONS, type Permission } from '@patchbay/contracts/permissions';
import { MetricsController } from '@patchbay/service-kit/bootstrap/metrics.controller';
import { HealthController } from '@patchbay/service-kit/bootstrap/readiness';
import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { apiKeyOf, callerOf, OPERATOR_KEY, refuse, runGateway, type RunningGateway } from '../testing/running-gateway.ts';
import { OPEN, ROUTE, type RouteFacts } from './http/route.ts';

/** Of every service: probes, and metrics, which the guard itself keeps from whoever is outside. */
const KITS_OWN: unknown[] = [HealthController, MetricsController];

/** A route that says nothing of whom it is for. */
@Controller()
class ForgetfulController {
  @Get('v1/forgotten')
  get() {
    return { secrets: 'all of them' };
  }
}

let gateway: RunningGateway;
/** Every route that Fastify serves, as `GET /v1/tools`. */
const served: string[] = [];

beforeAll(async () => {
  gateway = await runGateway({ GATEWAY_CONSOLE_URL: 'http://127.0.0.1:9' }, watched);
  // Behind the gateway everything answers that there is nothing: whoever gets that far was let in.
  for (const subject of ['*.v1.>', 'edge.v1.>']) {
    gateway.nats.subscribe(subject, {
      callback: (_error, message) => {
        if (message.subject !== 'credentials.v1.identify') refuse(message, new ServiceError('conflict', 'let in'));
      },
    });
  }
  await gateway.nats.flush();
});

afterAll(() => gateway.stop());

function watched(definition: ServiceDefinition): ServiceDefinition {
  @Module({ imports: [definition.module], controllers: [ForgetfulController] })
  class WithForgetful {}

  const { configure, bodyLimitBytes } = definition.http!;
  return {
    ...definition,
    module: WithForgetful,
    http: {
      bodyLimitBytes,
      configure: async (app) => {
        const http = app.getHttpAdapter().getInstance();
        http.addHook('onRoute', ({ method, url }) => void served.push(...[method].flat().map((one) => `${one} ${url}`)));
        await configure?.(app);
      },
    },
  };
}

interface Handler {
  name: string;
  path: string;
  facts: RouteFacts | undefined;
  open: string | undefined;
}

/** Every method that Nest routes to, of every controller of every module. */
function handlers(): Handler[] {
  const classes = [...gateway.service.app.get(ModulesContainer).values()].flatMap(({ controllers }) =>
    [...controllers.values()].map(({ metatype }) => metatype as new () => object),
  );
  return classes.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).flatMap((method) => {
      const handler = (controller.prototype as Record<string, unknown>)[method];
      if (method === 'constructor' || typeof handler !== 'function' || !Reflect.hasMetadata('path', handler)) return [];
      const facts = Reflect.getMetadata(ROUTE, handler) as RouteFacts | undefined;
      const open = KITS_OWN.includes(controller) ? 'for whoever runs this' : (Reflect.getMetadata(OPEN, handler) as string | undefined);
      return [Reflect.getMetadata('path', handler)].flat().map((path: string) => {
        return { name: `${controller.name}.${method}`, path: path.startsWith('/') ? path : `/${path}`, facts, open };
      });
    }),
  );
}

const restRoutes = () => handlers().flatMap(({ facts }) => facts ?? []);
const pathOf = ({ path }: RouteFacts) => path.replace(':operation', 'turn').replace(':edgeId', 'edge_1').replace(/:\w+/g, 'some_1');

describe('every route', () => {
  it('says whom it is for', () => {
    const silent = handlers().filter(({ facts, open }) => !facts && !open);

    expect(handlers().length).toBeGreaterThan(50);
    expect(silent.map(({ name }) => name)).toEqual(['ForgetfulController.get']);
  });

  it('is one of these, or a page of the console', () => {
    const known = new Set(handlers().map(({ path }) => path));
    const others = served.filter((route) => !known.has(route.split(' ')[1]!));

    expect(served.length).toBeGreaterThan(known.size);
    expect(new Set(others)).toEqual(new Set(['GET /', 'HEAD /', 'GET /*', 'HEAD /*']));
  });

  it('that does not say it is shut, whatever the caller may do', async () => {
    expect(await gateway.http('GET', '/v1/forgotten', { key: OPERATOR_KEY })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  });

  it('is shut to who shows nothing, unless it is open to everyone', async () => {
    const answers: [string, number][] = [];
    for (const route of restRoutes()) {
      answers.push([`${route.method} ${route.path}`, (await gateway.fetch(route.method, pathOf(route), { key: null })).status]);
    }

    const open = ['/v1/sign-in', '/v1/sign-in/callback', '/v1/authorizations/callback'].map((path) => `GET ${path}`);
    expect(answers.filter(([, status]) => status !== 401).map(([route]) => route)).toEqual(open);
  });

  it('has no HEAD: a look at a call-back would be the call-back', async () => {
    const reads = restRoutes().filter(({ method }) => method === 'GET');
    const statuses = await Promise.all(reads.map(async (route) => (await gateway.fetch('HEAD', pathOf(route), { key: OPERATOR_KEY })).status));

    expect(new Set(statuses)).toEqual(new Set([404]));
  });

  it('is shut to a caller with every permission but its own, which is named', async () => {
    const wrong: unknown[] = [];
    for (const route of restRoutes()) {
      if (!('permission' in route.access)) continue;
      const { permission } = route.access;
      const key = keyWith(PERMISSIONS.filter((other) => other !== permission));
      const { status, body } = await gateway.http(route.method, pathOf(route), { key });
      const { code, details } = body as { code: string; details?: { permission?: string } };
      if (status !== 403 || code !== 'forbidden' || details?.permission !== permission) wrong.push([route.path, status, body]);
    }

    expect(wrong).toEqual([]);
  });

  it('is open to a caller with its permission and no other', async () => {
    const wrong: unknown[] = [];
    for (const route of restRoutes()) {
      if (!('permission' in route.access)) continue;
      const { body } = await gateway.http(route.method, pathOf(route), { key: keyWith([route.access.permission]) });
      if ((body as { message: string }).message !== 'let in') wrong.push([route.path, body]);
    }

    expect(wrong).toEqual([]);
  });

  it('needs a permission that somebody can have', () => {
    const needed = new Set(restRoutes().flatMap(({ access }) => ('permission' in access ? [access.permission] : [])));

    expect([...PERMISSIONS].filter((permission) => !needed.has(permission))).toEqual([]);
  });
});

function keyWith(permissions: Permission[]): string {
  const key = apiKeyOf(`caller ${gateway.callers.size}`);
  gateway.callers.set(key, callerOf(gateway.organizationId, permissions));
  return key;
}
