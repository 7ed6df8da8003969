import type { Agent } from 'undici';

interface CachedAgent {
  agent: Agent;
  lastUsedAt: number;
}

export interface AgentCacheRules {
  create: () => Agent;
  maxAgents: number;
  idleMs: number;
}

/** One agent per key, so that no socket is ever shared between two keys. The least recently used are closed first. */
export class AgentCache {
  // A Map keeps insertion order: the first entry is the one unused for longest.
  private readonly agents = new Map<string, CachedAgent>();
  private readonly closing = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly rules: AgentCacheRules) {}

  /** `null` once the cache is closed. */
  find(key: string): Agent | null {
    if (this.closed) return null;
    const now = performance.now();
    const known = this.agents.get(key);
    if (known === undefined) return this.add(key, now);
    known.lastUsedAt = now;
    this.agents.delete(key);
    this.agents.set(key, known);
    return known.agent;
  }

  /** Waits for the requests under way. */
  async close(): Promise<void> {
    this.closed = true;
    for (const key of this.agents.keys()) this.retire(key);
    await Promise.all(this.closing);
  }

  private add(key: string, now: number): Agent {
    // Idle agents have no sockets left (keep-alive is shorter), so that it is soon enough to look when one is added.
    for (const [oldKey, { lastUsedAt }] of this.agents) {
      if (this.agents.size < this.rules.maxAgents && now - lastUsedAt < this.rules.idleMs) break;
      this.retire(oldKey);
    }
    const agent = this.rules.create();
    this.agents.set(key, { agent, lastUsedAt: now });
    return agent;
  }

  private retire(key: string): void {
    const known = this.agents.get(key);
    this.agents.delete(key);
    if (known === undefined) return;
    const closed = known.agent.close();
    this.closing.add(closed);
    void closed.finally(() => this.closing.delete(closed));
  }
}
