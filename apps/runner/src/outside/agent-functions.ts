import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { AGENT_SNAPSHOT_BUCKET, AgentSnapshot, type FunctionSnapshot } from '@patchbay/contracts/agents';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { SnapshotMirror } from '@patchbay/service-kit/messaging/snapshots';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { compileSchema } from './argument-schema.ts';

export interface CompiledFunction extends FunctionSnapshot {
  /** Path of the URL template, for span names: low in cardinality and free of arguments. */
  urlTemplate: string;
  problemsWith: (args: Record<string, unknown>) => FieldProblem[];
}

interface CompiledAgent {
  turnBudgetMs: number;
  functions: Map<string, CompiledFunction>;
}

/** The functions of every deployed agent version, compiled once, in memory. */
@Injectable()
export class AgentFunctions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #mirror: SnapshotMirror<typeof AgentSnapshot>;
  readonly #compiled = new Map<string, CompiledAgent>();

  constructor(@Inject(NATS) nats: NatsConnection, @Inject(KIT_LOGGER) logger: Logger) {
    this.#mirror = new SnapshotMirror({
      nats,
      logger,
      bucket: AGENT_SNAPSHOT_BUCKET,
      schema: AgentSnapshot,
      onChange: (key) => this.#compiled.delete(key),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#mirror.start();
  }

  beforeApplicationShutdown(): void {
    this.#mirror.stop();
  }

  get(organizationId: string, versionId: string): CompiledAgent | undefined {
    const key = `${organizationId}.${versionId}`;
    const known = this.#compiled.get(key);
    if (known) return known;
    const snapshot = this.#mirror.get(key);
    return snapshot && this.#compile(key, snapshot);
  }

  async find(organizationId: string, versionId: string): Promise<CompiledAgent | undefined> {
    await this.#mirror.find(`${organizationId}.${versionId}`);
    return this.get(organizationId, versionId);
  }

  #compile(key: string, { turnBudgetMs, functions }: AgentSnapshot): CompiledAgent {
    const compiled = new Map(functions.map((snapshot) => [snapshot.name, compileFunction(snapshot)]));
    const agent = { turnBudgetMs, functions: compiled };
    this.#compiled.set(key, agent);
    return agent;
  }
}

/** A schema is compiled when its function is first called: an agent may have a hundred, a call uses a few. */
function compileFunction(snapshot: FunctionSnapshot): CompiledFunction {
  let check: ((args: Record<string, unknown>) => FieldProblem[]) | undefined;
  return {
    ...snapshot,
    urlTemplate: pathOf(snapshot.http.url),
    problemsWith(args) {
      check ??= compileSchema(snapshot.parameters);
      return check(args);
    },
  };
}

function pathOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0];
  return path || '/';
}
