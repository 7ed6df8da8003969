import { Controller, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { edgeRpc, event, rpc, type InputOf } from '@patchbay/contracts/define';
import { z } from 'zod';
import type { Rehearse } from '../src/bootstrap/rehearse.ts';
import { startService, type RunningService } from '../src/bootstrap/start-service.ts';
import { Consumes, Handles, type EventOf } from '../src/messaging/handles.ts';
import { RequestContext } from '../src/messaging/request-context.ts';

/** The contract of a service that exists only in these tests. */
export const tiny = {
  run: rpc('tiny.v1.run', {
    summary: 'Do what the test says.',
    input: z.object({
      text: z.string().max(5_000_000).default('nothing'),
      items: z.array(z.object({ count: z.int() })).optional(),
    }),
    output: z.object({ text: z.string() }),
    errors: ['conflict'],
  }),
  probe: edgeRpc('probe', {
    summary: 'Do what the test says, for an edge.',
    input: z.object({ text: z.string().default('nothing') }),
    output: z.object({ text: z.string() }),
    errors: ['not_found'],
  }),
};

export const tinyEvents = {
  happened: event('tiny.v1.thing.happened', {
    summary: 'Something has happened.',
    payload: z.object({ number: z.int() }),
  }),
};

export type Reply = { text: string };

/** What the service does; a test replaces a part of it. */
export interface Script {
  run(input: InputOf<typeof tiny.run>, request: RequestContext): Promise<Reply>;
  probe(input: InputOf<typeof tiny.probe>, request: RequestContext): Promise<Reply>;
  consume(event: EventOf<typeof tinyEvents.happened>): Promise<void>;
}

export const echo: Script = {
  run: async ({ text }) => ({ text }),
  probe: async ({ text }) => ({ text }),
  consume: async () => undefined,
};

/** A real service over NATS without a database; `consumes` makes it a consumer of its own event as well. */
export function startTiny(
  natsUrl: string,
  script: Script,
  options: { consumes?: boolean; rehearse?: Rehearse } = {},
): Promise<RunningService> {
  @Controller()
  class TinyHandlers {
    @Handles(tiny.run)
    run(@Payload() input: InputOf<typeof tiny.run>, @Ctx() request: RequestContext): Promise<Reply> {
      return script.run(input, request);
    }

    @Handles(tiny.probe)
    probe(@Payload() input: InputOf<typeof tiny.probe>, @Ctx() request: RequestContext): Promise<Reply> {
      return script.probe(input, request);
    }
  }

  @Controller()
  class TinyConsumers {
    @Consumes(tinyEvents.happened)
    consume(happened: EventOf<typeof tinyEvents.happened>): Promise<void> {
      return script.consume(happened);
    }
  }

  @Module({ controllers: options.consumes ? [TinyHandlers, TinyConsumers] : [TinyHandlers] })
  class TinyModule {}

  return startService({
    name: 'tiny',
    version: '0.1.0',
    env: { NATS_URL: natsUrl, LOG_LEVEL: 'silent' },
    listen: { host: '127.0.0.1', port: 0 },
    module: TinyModule,
    ...(options.rehearse ? { rehearse: options.rehearse } : {}),
  });
}
