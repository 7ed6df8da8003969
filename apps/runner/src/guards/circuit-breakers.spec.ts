import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { EffectClass } from '@patchbay/contracts/outcome';
import type { CallHealth } from './circuit-breaker.ts';
import { CircuitBreakers, type BreakerChange } from './circuit-breakers.ts';

const RULES = {
  windowMs: 10_000,
  threshold: 0.5,
  minimumCalls: 10,
  failuresInARow: 15,
  halfOpenAfterMs: 5_000,
  writesAfterMs: 30_000,
  probeMs: 2_000,
};
const KEY = 'org_a conn_a api.example.com';

describe('circuit breakers', () => {
  let now: number;
  let breakers: CircuitBreakers;
  let changes: BreakerChange[];

  beforeEach(() => {
    now = 1_000_000;
    breakers = new CircuitBreakers(RULES, () => now);
    changes = [];
    breakers.onChange((change) => changes.push(change));
  });

  const passes = (effect: EffectClass = 'read', key = KEY) => breakers.enter(key, effect).allowed;

  function begin(effect: EffectClass = 'read', key = KEY): (health: CallHealth) => void {
    const passage = breakers.enter(key, effect);
    if (!passage.allowed) throw new Error(`refused while ${breakers.state(key)}`);
    return (health) => breakers.record(key, health, passage);
  }

  function call(count: number, health: CallHealth, everyMs = 0): void {
    for (let index = 0; index < count; index++) {
      begin()(health);
      now += everyMs;
    }
  }

  function open(): void {
    call(10, 'failure');
    expect(breakers.state(KEY)).toBe('open');
  }

  describe('while closed', () => {
    it('opens at the tenth call when all of them fail', () => {
      call(9, 'failure');
      expect(breakers.state(KEY)).toBe('closed');

      call(1, 'failure');
      expect(breakers.state(KEY)).toBe('open');
    });

    it('opens within twenty calls of a total failure, however healthy the traffic before', () => {
      call(500, 'success', 20);
      call(15, 'failure', 20);

      expect(breakers.state(KEY)).toBe('open');
    });

    it('opens when half of the calls in the window fail', () => {
      for (let pair = 0; pair < 5; pair++) {
        call(1, 'success', 500);
        call(1, 'failure', 500);
      }

      expect(breakers.state(KEY)).toBe('open');
    });

    it('stays closed when fewer than half fail', () => {
      for (let round = 0; round < 500; round++) {
        call(1, 'failure', 20);
        call(2, 'success', 20);
      }

      expect(breakers.state(KEY)).toBe('closed');
    });

    it('does not add up failures that are far apart', () => {
      for (let hour = 0; hour < 50; hour++) {
        call(1, 'success');
        call(3, 'failure');
        now += 3_600_000;
      }

      expect(breakers.state(KEY)).toBe('closed');
    });

    it('counts nothing that was our own doing', () => {
      call(1_000, 'ignored');

      expect(breakers.state(KEY)).toBe('closed');
    });

    it('holds the trouble of one provider against no other', () => {
      open();

      expect([passes('read', 'org_b conn_b api.example.com'), passes('read')]).toEqual([true, false]);
    });
  });

  describe('while open', () => {
    it('lets nothing pass and says for how long', () => {
      open();
      now += 1_000;

      expect(breakers.enter(KEY, 'read')).toEqual({ allowed: false, retryAfterMs: 4_000 });
      expect(breakers.enter(KEY, 'write.irreversible')).toEqual({ allowed: false, retryAfterMs: 4_000 });
    });

    it('learns nothing from calls that began before', () => {
      const late = begin();
      open();
      now += 5_000;
      breakers.tick();
      late('success');

      expect(breakers.state(KEY)).toBe('half_open');
    });

    it('becomes half-open without a call, so that the menu can offer its reads again', () => {
      open();
      now += 4_999;
      breakers.tick();
      expect(breakers.state(KEY)).toBe('open');

      now += 1;
      breakers.tick();
      expect(changes).toEqual([
        { key: KEY, from: 'closed', to: 'open' },
        { key: KEY, from: 'open', to: 'half_open' },
      ]);
    });
  });

  describe('while half-open', () => {
    beforeEach(() => {
      open();
      now += 5_000;
    });

    it.each(['write.idempotent', 'write.reversible', 'write.irreversible', 'message'] as const)('never finds out with a %s', (effect) => {
      expect(breakers.enter(KEY, effect)).toEqual({ allowed: false, retryAfterMs: 5_000 });
      expect(passes('read')).toBe(true);
    });

    it('lets one read pass at a time', () => {
      const probe = begin();

      expect(passes('read')).toBe(false);
      probe('ignored');
      expect(passes('read')).toBe(true);
    });

    it('closes with the first read that succeeds, and starts counting anew', () => {
      begin()('success');

      expect(changes.at(-1)).toEqual({ key: KEY, from: 'half_open', to: 'closed' });
      expect(passes('write.irreversible')).toBe(true);
      call(9, 'failure');
      expect(breakers.state(KEY)).toBe('closed');
    });

    it('opens again with the first read that fails, for as long as before', () => {
      begin()('failure');

      expect(breakers.state(KEY)).toBe('open');
      now += 4_999;
      expect(passes()).toBe(false);
      now += 1;
      expect(passes()).toBe(true);
    });

    it('lets the next read pass when one hangs, so that a provider that came back is seen within ten seconds', () => {
      const hanging = begin();
      now += 2_000;
      begin()('success');
      now += 6_000;
      hanging('failure');

      expect(breakers.state(KEY)).toBe('closed');
      call(9, 'failure');
      expect(breakers.state(KEY)).toBe('closed');
    });

    it('lets one write at a time find out where no read came for half a minute', () => {
      now += 24_999;
      expect(passes('message')).toBe(false);
      now += 1;
      const probe = begin('message');
      expect([passes('message'), passes('read')]).toEqual([false, false]);

      probe('success');
      expect(breakers.state(KEY)).toBe('closed');
    });

    it('keeps writes waiting another half-minute after a probe that failed', () => {
      now += 25_000;
      begin('message')('failure');
      now += 29_999;
      expect(passes('message')).toBe(false);
      now += 1;
      expect(passes('message')).toBe(true);
    });
  });

  it('closes within ten seconds of recovery under steady reads, whenever the provider recovers', () => {
    for (let recoversAfterMs = 0; recoversAfterMs < 12_000; recoversAfterMs += 370) {
      breakers = new CircuitBreakers(RULES, () => now);
      open();
      const recoversAt = now + recoversAfterMs;
      for (; breakers.state(KEY) !== 'closed'; now += 20) {
        const passage = breakers.enter(KEY, 'read');
        if (passage.allowed) breakers.record(KEY, now >= recoversAt ? 'success' : 'failure', passage);
      }
      expect(now - recoversAt).toBeLessThanOrEqual(5_020);
    }
  });

  it('stops telling who no longer listens', () => {
    const heard: BreakerChange[] = [];
    const stop = breakers.onChange((change) => heard.push(change));
    stop();
    open();

    expect([heard, changes.length]).toEqual([[], 1]);
  });

  it('gives a provider back that nobody called for ten minutes', () => {
    open();
    now += 30_000;
    breakers.tick();
    now += 570_000;
    breakers.tick();

    expect(changes.map(({ to }) => to)).toEqual(['open', 'half_open_writes', 'closed']);
  });

  it('names those that are not closed', () => {
    open();
    begin('read', 'org_b conn_b api.example.com')('success');
    expect(breakers.trippedKeys()).toEqual([KEY]);

    now += 5_000;
    begin()('success');
    expect(breakers.trippedKeys()).toEqual([]);
  });

  it('learns nothing from calls of before a long trouble, either', () => {
    const late = Array.from({ length: 10 }, () => begin());
    open();
    now += 300_000;
    passes('read', 'org_b conn_b api.example.com');
    begin()('success');
    for (const end of late) end('failure');

    expect(breakers.state(KEY)).toBe('closed');
  });

  it('ticks from the start of the service to its end', () => {
    jest.useFakeTimers();
    try {
      breakers.onApplicationBootstrap();
      open();
      now += 5_000;
      jest.advanceTimersByTime(250);
      expect(breakers.state(KEY)).toBe('half_open');

      breakers.beforeApplicationShutdown();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
