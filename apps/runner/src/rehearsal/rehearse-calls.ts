import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { DEADLINE_HEADER, TRACEPARENT_HEADER, edge, edgeInbox, edgeSubject } from '@patchbay/contracts/edge';
import { Outcome } from '@patchbay/contracts/outcome';
import type { KitOptions, KitParts } from '@patchbay/service-kit/bootstrap/kit.module';
import { openContext, type Rehearse } from '@patchbay/service-kit/bootstrap/rehearse';
import { answerer, subjectTemplate, type RequestHandler } from '@patchbay/service-kit/messaging/answer';
import { RequestMetrics } from '@patchbay/service-kit/messaging/request-metrics';
import { randomBytes } from 'node:crypto';
import { RunInvocation } from '../use-cases/run-invocation.ts';
import { RehearsalModule } from './rehearsal.module.ts';
import { Stage } from './stage.ts';
import { UnkeptRecord } from './unkept-record.ts';

/** As many as come together in a burst. */
const AT_ONCE = 20;
const DEADLINE_MS = 5_000;
/** On a slow machine a runner that has rehearsed less is better than one that is not there. */
const LONGEST_MS = 3_000;

/** Invokes what callers wait for: reads, reads beyond their limit, writes. From the bytes of a message to those of its reply. */
export function rehearseCalls(calls: number, kit: KitOptions): Rehearse {
  return async (parts) => {
    await using stage = await Stage.open();
    await using record = await UnkeptRecord.open(parts.workers!, stage.runnerId);
    const logger = parts.logger.child({ rehearsal: true });
    const context = await openContext(RehearsalModule.with(stage, record.transaction), { ...parts, logger, nats: NOBODY }, kit);
    try {
      const answer = answererOf(context.get(RunInvocation, { strict: false }), { ...parts, logger });
      const endsAt = performance.now() + LONGEST_MS;
      for (let number = 0; number < calls && performance.now() < endsAt; number += AT_ONCE) {
        await Promise.all(Array.from({ length: Math.min(AT_ONCE, calls - number) }, (_, index) => call(stage, number + index, answer)));
        await record.takeBack();
      }
    } finally {
      await context.close();
    }
  };
}

function answererOf(runInvocation: RunInvocation, { logger, metrics }: KitParts) {
  const handler = ((input, request) => runInvocation.run(input as never, request)) satisfies RequestHandler;
  return answerer('runner', edge.invoke, handler, logger, new RequestMetrics(metrics).of(subjectTemplate(edge.invoke)));
}

/** Rejects when it is answered in a way that was not meant: then something else was rehearsed. */
async function call(stage: Stage, number: number, answer: (message: Msg) => Promise<void>): Promise<void> {
  const request = stage.request(number);
  let reply = '';
  await answer(messageOf(stage, JSON.stringify(request), (text) => (reply = text)));
  const { status, error } = Outcome.partial().parse(JSON.parse(reply));
  if (status !== 'succeeded' && error?.code !== 'rate_limited') throw new Error(`a call of ${request.function} was rehearsed and answered: ${reply}`);
}

function messageOf({ organizationId, edgeId }: Stage, body: string, onReply: (text: string) => void): Msg {
  const marks = headers();
  marks.set(DEADLINE_HEADER, String(DEADLINE_MS));
  marks.set(TRACEPARENT_HEADER, `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`);
  return {
    subject: edgeSubject(organizationId, edgeId, 'invoke'),
    reply: `${edgeInbox(edgeId)}.1`,
    headers: marks,
    data: new TextEncoder().encode(body),
    json: () => JSON.parse(body),
    respond: (text: string) => {
      onReply(text);
      return true;
    },
  } as unknown as Msg;
}

function refuse(): never {
  throw new Error('A rehearsal reaches nobody.');
}

const NOBODY = { status: async function* () {}, publish: refuse, request: refuse, subscribe: refuse } as unknown as NatsConnection;
