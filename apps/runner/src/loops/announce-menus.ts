import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { SessionSnapshot } from '@patchbay/contracts/calls';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import { CircuitBreakers } from '../guards/circuit-breakers.ts';
import { unavailableFunctions } from '../guards/menu.ts';
import { AgentFunctions, type CompiledAgent } from '../outside/agent-functions.ts';
import { CallEvents } from '../outside/call-events.ts';
import { ConnectionStates } from '../outside/connection-states.ts';
import { MenuSource } from '../outside/menu-source.ts';
import { Sessions } from '../outside/sessions.ts';

/** When a provider goes away or comes back, or a connection stops or starts to work, the calls that could use it learn what can be called now, and what to say about the rest. */
@Injectable()
export class AnnounceMenus implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #stop: () => void = () => undefined;
  readonly #pending = new Set<string>();

  constructor(
    private readonly breakers: CircuitBreakers,
    private readonly connections: ConnectionStates,
    private readonly menu: MenuSource,
    private readonly sessions: Sessions,
    private readonly functions: AgentFunctions,
    private readonly events: CallEvents,
  ) {}

  onApplicationBootstrap(): void {
    const stops = [
      this.breakers.onChange(({ key }) => this.#note(key)),
      this.connections.onChange((_organizationId, connectionId) => this.#note(connectionId)),
    ];
    this.#stop = () => stops.forEach((stop) => stop());
  }

  /** A breaker changes in the middle of a call, which must not wait for as many messages as there are calls. */
  #note(key: string): void {
    if (this.#pending.size === 0) setImmediate(() => this.#announce());
    this.#pending.add(key);
  }

  beforeApplicationShutdown(): void {
    this.#stop();
  }

  #announce(): void {
    const keys = new Set(this.#pending);
    this.#pending.clear();
    for (const session of this.sessions.live()) {
      const agent = this.functions.get(session.organizationId, session.versionId);
      const isConcerned = agent && [...agent.functions.values()].some(({ providerKey, connectionId }) => keys.has(providerKey ?? '') || keys.has(connectionId ?? ''));
      if (isConcerned) this.#tell(session, agent);
    }
  }

  #tell({ organizationId, edgeId, sessionId }: SessionSnapshot, agent: CompiledAgent): void {
    const unavailable = unavailableFunctions(agent.functions.values(), this.menu.facts(organizationId), agent.speech.language);
    const gone = new Set(unavailable.map(({ name }) => name));
    const functions = [...agent.functions.values()]
      .filter(({ name }) => !gone.has(name))
      .map(({ name, description, parameters, effect, speak }) => {
        const { speculative } = EFFECT_RULES[effect];
        return { name, description, parameters, effect, speculative, speak: speak?.waiting[0] };
      });
    this.events.publish('functions', organizationId, edgeId, { sessionId, functions, unavailable });
  }
}
