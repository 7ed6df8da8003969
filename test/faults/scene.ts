import { setTimeout as wait } from 'node:timers/promises';
import type { Rest } from '../replay/rest.ts';
import { Edge } from './edge.ts';
import { unsettled, type History } from './checker.ts';
import { isTerminal, type Ask, type Call, type RecordedInvocation } from './history.ts';
import type { Platform } from './platform.ts';
import type { Provider } from './provider/provider.ts';
import type { Random } from './random.ts';
import { setUpOrganization, type FunctionSpec } from './set-up.ts';
import type { TcpProxy } from './tcp-proxy.ts';

/** What all cases share. */
export interface Stage {
  platform: Platform;
  provider: Provider;
  /** Every case begins with the same one, whatever ran before it. */
  random: Random;
  say(text: string): void;
  signal: AbortSignal;
}

const SETTLE_MS = 30_000;
const POLL_MS = 200;

/** An organization of one case, its edge and its sessions. */
export class Scene {
  readonly edge: Edge;
  readonly rest: Rest;
  readonly #agentId: string;
  readonly #sessions: string[] = [];
  #calls = 0;

  private constructor(edge: Edge, rest: Rest, agentId: string) {
    this.edge = edge;
    this.rest = rest;
    this.#agentId = agentId;
  }

  /** The provider forgets what it was asked before. With a `way` the edge reaches NATS through it. */
  static async open(
    { platform, provider }: Pick<Stage, 'platform' | 'provider'>,
    name: string,
    functions: FunctionSpec[],
    way?: TcpProxy,
  ): Promise<Scene> {
    await provider.forget();
    await Promise.all(platform.runners.map((runner) => runner.ready()));
    const { edge, rest, agentId } = await setUpOrganization(platform.running, `faults ${name}`, functions);
    const identity = way ? { ...edge, natsUrl: `nats://127.0.0.1:${way.port}` } : edge;
    return new Scene(await Edge.connect(identity), rest, agentId);
  }

  async session(channel: 'phone' | 'test' = 'phone'): Promise<string> {
    const started = await this.edge.ask('session.start', { agent: this.#agentId, channel, direction: 'inbound' });
    const sessionId = String(started['sessionId']);
    this.#sessions.push(sessionId);
    return sessionId;
  }

  sessions(count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => this.session()));
  }

  /** A call of its own turn; `tag` is its intent. */
  call(sessionId: string, functionName: string, tag: string, more: Record<string, unknown> = {}): Call {
    const number = ++this.#calls;
    return { sessionId, turnId: `turn_${number}`, toolCallId: `call_${number}_${tag}`, function: functionName, arguments: { tag, ...more } };
  }

  /** The caller, or the agent, says something. */
  async turn(sessionId: string, role: 'caller' | 'agent', text: string): Promise<void> {
    const index = ++this.#calls;
    const at = new Date().toISOString();
    await this.edge.ask('turn', { sessionId, turnId: `said_${index}`, index, role, text, startedAt: at, endedAt: at });
  }

  /** What the platform has on record of all sessions of the scene. */
  async records(): Promise<RecordedInvocation[]> {
    const timelines = await Promise.all(this.#sessions.map((sessionId) => this.rest.get(`/v1/sessions/${sessionId}/timeline`)));
    return timelines.flatMap((timeline) =>
      timeline
        .at('entries')
        .items()
        .filter((entry) => entry.at('kind').string() === 'invocation')
        .map((entry) => ({
          invocationId: entry.at('invocationId').string(),
          sessionId: entry.at('sessionId').string(),
          toolCallId: entry.at('toolCallId').string(),
          function: entry.at('function').string(),
          tag: String(entry.at('arguments').record()['tag']),
          status: entry.at('status').string(),
          code: entry.has('error') ? entry.at('error').at('code').string() : null,
          attempts: entry.at('attempts').items().length,
        })),
    );
  }

  /**
   * Waits until every invocation has ended on record, and whatever was answered is there (reads are written behind), at most
   * until the last deadline + 30 s.
   */
  async settled(asks: Ask[], more: (records: RecordedInvocation[]) => boolean = () => true): Promise<RecordedInvocation[]> {
    const endsAt = Math.max(...asks.map(({ sentAtMs, deadlineMs }) => sentAtMs + deadlineMs)) + SETTLE_MS;
    const answered = new Set(asks.flatMap(({ outcome }) => (outcome && isTerminal(outcome.status) ? [outcome.invocationId] : [])));
    for (;;) {
      const records = await this.records();
      const known = new Set(records.map(({ invocationId }) => invocationId));
      const complete = unsettled(records).length === 0 && [...answered].every((id) => known.has(id)) && more(records);
      if (complete || Date.now() > endsAt) return records;
      await wait(POLL_MS);
    }
  }

  async history(provider: Provider, asks: Ask[], more?: (records: RecordedInvocation[]) => boolean): Promise<History> {
    const records = await this.settled(asks, more);
    return { asks, requests: await provider.log(), records };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.edge.close();
  }
}
