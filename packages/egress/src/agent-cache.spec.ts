import { afterEach, describe, expect, it } from '@jest/globals';
import { Agent } from 'undici';
import { AgentCache } from './agent-cache.ts';

describe('agent cache', () => {
  let cache: AgentCache;

  afterEach(() => cache.close());

  const startCache = (rules: { maxAgents: number; idleMs: number }): void => {
    cache = new AgentCache({ create: () => new Agent(), ...rules });
  };

  it('gives one key the same agent again and another key another', () => {
    startCache({ maxAgents: 10, idleMs: 60_000 });

    const first = cache.find('a');

    expect(cache.find('a')).toBe(first);
    expect(cache.find('b')).not.toBe(first);
  });

  it('closes the agent that was unused for longest when there are too many', () => {
    startCache({ maxAgents: 2, idleMs: 60_000 });
    const [a, b] = [cache.find('a'), cache.find('b')];
    cache.find('a');

    cache.find('c');

    expect([a?.closed, b?.closed]).toEqual([false, true]);
    expect(cache.find('a')).toBe(a);
  });

  it('closes idle agents when a new one is made', () => {
    startCache({ maxAgents: 10, idleMs: 0 });
    const a = cache.find('a');

    cache.find('b');

    expect(a?.closed).toBe(true);
  });

  it('gives nothing once it is closed, and closes all agents', async () => {
    startCache({ maxAgents: 10, idleMs: 60_000 });
    const a = cache.find('a');

    await cache.close();

    expect(a?.destroyed).toBe(true);
    expect(cache.find('a')).toBeNull();
  });
});
