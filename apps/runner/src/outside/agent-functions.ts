import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { AGENT_SNAPSHOT_BUCKET, AgentSnapshot, type Speech } from '@patchbay/contracts/agents';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { SnapshotMirror } from '@patchbay/service-kit/messaging/snapshots';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { compileFunction, type CompiledFunction } from './compile-function.ts';

export type { CompiledFunction } from './compile-function.ts';

export interface CompiledAgent {
  turnBudgetMs: number;
  speech: Speech;
  functions: Map<string, CompiledFunction>;
}

/** The functions of every deployed agent version, in memory; each is compiled once. */
@Injectable()
export class AgentFunctions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #mirror: SnapshotMirror<typeof AgentSnapshot>;
  readonly #compiled = new Map<string, CompiledAgent>();
  readonly #loaded = Promise.withResolvers<void>();

  constructor(
    @Inject(NATS) nats: NatsConnection,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
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
    this.#loaded.resolve();
  }

  beforeApplicationShutdown(): void {
    this.#mirror.stop();
  }

  /** Resolves when every deployed version is in memory. */
  whenLoaded(): Promise<void> {
    return this.#loaded.promise;
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

  #compile(key: string, { organizationId, turnBudgetMs, speech, functions }: AgentSnapshot): CompiledAgent {
    const compiled = new Map(
      functions.map((snapshot) => {
        const { functionId, toolId, toolVersion } = snapshot;
        const about = { key, functionId, toolId, toolVersion };
        const onDefect = (err: Error) => this.logger.error({ err, ...about }, 'the definition of a function cannot be used');
        return [snapshot.name, compileFunction(organizationId, snapshot, { speech, onDefect })];
      }),
    );
    const agent = { turnBudgetMs, speech, functions: compiled };
    this.#compiled.set(key, agent);
    return agent;
  }
}
