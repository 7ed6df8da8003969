import { answerOrders } from './answer-orders.ts';
import type { Caller, ProviderAddress } from './contenders/contender.ts';
import { DirectCaller } from './contenders/direct.ts';
import { PatchbayCaller, type CalledSession, type PatchbayTarget } from './contenders/patchbay.ts';
import { WebhookCaller } from './contenders/webhook.ts';
import { runClosedLoop, type LoadOptions, type LoadSample } from './load.ts';

export type Target =
  | { way: 'direct'; provider: ProviderAddress }
  | { way: 'webhook'; url: string }
  | { way: 'patchbay'; patchbay: PatchbayTarget };

export type LoadOrder =
  | { kind: 'connect'; name: string; target: Target }
  | ({ kind: 'run'; name: string } & LoadOptions)
  /** Ends sessions and connections; nothing is measured any more. Answers what was called in some of the sessions. */
  | { kind: 'finish' };

const callers = new Map<string, Caller>();

async function carryOut(order: LoadOrder): Promise<LoadSample | CalledSession[] | undefined> {
  switch (order.kind) {
    case 'connect':
      callers.set(order.name, await open(order.target));
      return undefined;
    case 'run':
      return run(order);
    case 'finish':
      return finish();
  }
}

async function run({ name, ...options }: Extract<LoadOrder, { kind: 'run' }>): Promise<LoadSample> {
  const caller = callers.get(name);
  if (!caller) throw new Error(`"${name}" was not connected`);
  await caller.prepare(options.concurrency);
  return runClosedLoop(caller, options).catch((cause: unknown) => {
    throw new Error(`a call of ${name} with ${options.concurrency} in flight did not succeed`, { cause });
  });
}

async function finish(): Promise<CalledSession[]> {
  const ended = [...callers.values()];
  callers.clear();
  await Promise.all(ended.map((caller) => caller.close()));
  return ended.flatMap((caller) => (caller instanceof PatchbayCaller ? caller.lastSession() : []));
}

async function open(target: Target): Promise<Caller> {
  switch (target.way) {
    case 'direct':
      return new DirectCaller(target.provider);
    case 'webhook':
      return new WebhookCaller(target.url);
    case 'patchbay':
      return PatchbayCaller.connect(target.patchbay);
  }
}

answerOrders(carryOut);
