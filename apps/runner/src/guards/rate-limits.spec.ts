import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RATE_LIMIT_PRESETS, RateLimits, type LimitedCall, type RateDecision } from './rate-limits.ts';

const CALL: LimitedCall = { organizationId: 'org_a', toolId: 'tool_a', channel: 'phone', limits: undefined };

describe('rate limits', () => {
  let now: number;
  let limits: RateLimits;
  const take = (more: Partial<LimitedCall> = {}) => limits.take({ ...CALL, ...more });
  const takeMany = (count: number, more: Partial<LimitedCall> = {}): RateDecision[] => Array.from({ length: count }, () => take(more));
  const allowed = (decisions: RateDecision[]) => decisions.filter((decision) => decision.allowed).length;

  beforeEach(() => {
    now = 0;
    limits = new RateLimits(RATE_LIMIT_PRESETS.default, () => now);
  });

  it.each([
    ['default', 'tool', {}, 200],
    ['default', 'test', { channel: 'test' }, 5],
    ['strict', 'tool', {}, 15],
    ['strict', 'test', { channel: 'test' }, 5],
  ] as const)('lets the burst of the preset %s pass and then names the layer %s', (preset, layer, call, burst) => {
    limits = new RateLimits(RATE_LIMIT_PRESETS[preset], () => now);

    const decisions = takeMany(burst + 1, call);

    expect(allowed(decisions)).toBe(burst);
    expect(decisions.at(-1)).toMatchObject({ allowed: false, layer });
  });

  it.each([
    ['default', 1_000, 200],
    ['strict', 30, 15],
  ] as const)('lets the tools of an organization share the limit of the preset %s', (preset, burst, toolBurst) => {
    limits = new RateLimits(RATE_LIMIT_PRESETS[preset], () => now);
    for (let tool = 0; tool < burst / toolBurst; tool++) expect(allowed(takeMany(toolBurst, { toolId: `tool_${tool}` }))).toBe(toolBurst);

    expect(take({ toolId: 'tool_other' })).toMatchObject({ allowed: false, layer: 'organization' });
    expect(take({ toolId: 'tool_other', organizationId: 'org_b' })).toEqual({ allowed: true });
  });

  it('gives two organizations that call the same action a bucket each', () => {
    takeMany(200);

    expect(take()).toMatchObject({ layer: 'tool' });
    expect(take({ organizationId: 'org_b' })).toEqual({ allowed: true });
  });

  it('says when the next call will pass, and then it does', () => {
    const refused = takeMany(201).at(-1)!;

    expect(refused).toEqual({ allowed: false, layer: 'tool', retryAfterMs: 50 });
    now += 49;
    expect(take().allowed).toBe(false);
    now += 1;
    expect(take().allowed).toBe(true);
  });

  it('saves nothing up beyond the burst', () => {
    takeMany(10);
    now += 3_000_000;

    expect(allowed(takeMany(1_000))).toBe(200);
  });

  it('names the longer wait where both buckets are empty', () => {
    for (let tool = 0; tool < 4; tool++) takeMany(200, { toolId: `tool_${tool}` });
    takeMany(200, { limits: { perMinute: 1, burst: 200 } });

    expect(take({ limits: { perMinute: 1, burst: 200 } })).toEqual({ allowed: false, layer: 'organization', retryAfterMs: 60_000 });
  });

  it('takes nothing from the organization for a call that the tool may not make', () => {
    expect(allowed(takeMany(5_000))).toBe(200);

    const others = [1, 2, 3, 4].flatMap((tool) => takeMany(200, { toolId: `tool_${tool}` }));
    expect(allowed(others)).toBe(800);
  });

  it('takes nothing from the tool for a call that the organization may not make', () => {
    for (let tool = 1; tool <= 5; tool++) takeMany(200, { toolId: `tool_${tool}` });
    expect(allowed(takeMany(5_000))).toBe(0);

    now = 2_000;
    expect(allowed(takeMany(250))).toBe(200);
  });

  it('lets tests cost live calls nothing of the organization', () => {
    expect(allowed(takeMany(50, { channel: 'test', toolId: 'tool_tested' }))).toBe(5);

    const live = [0, 1, 2, 3, 4].flatMap((tool) => takeMany(200, { toolId: `tool_${tool}` }));
    expect(allowed(live)).toBe(1_000);
  });

  it.each([
    [{ perMinute: 60, burst: 3 }, 3],
    [{ burst: 7 }, 7],
    [{ perMinute: 10 }, 2],
    [{ perMinute: 12_000 }, 1_000],
    [{ concurrent: 1 }, 200],
  ])('follows the limits of a tool: %j are %i at once', (own, burst) => {
    expect(allowed(takeMany(1_500, { limits: own }))).toBe(burst);
  });

  it('lets everything pass when it is off', () => {
    limits = new RateLimits(null, () => now);

    expect(allowed(takeMany(20_000))).toBe(20_000);
  });

  it('lets no more pass in any time than the burst and the rate', () => {
    const steps = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 5_000 }), calls: fc.integer({ min: 0, max: 40 }) }), { maxLength: 40 });
    fc.assert(
      fc.property(steps, (all) => {
        now = 0;
        limits = new RateLimits(RATE_LIMIT_PRESETS.strict, () => now);
        let passed = 0;
        for (const { waitMs, calls } of all) {
          now += waitMs;
          passed += allowed(takeMany(calls));
        }
        expect(passed).toBeLessThanOrEqual(15 + (now * 30) / 60_000 + 1e-6);
      }),
    );
  });

  describe('of several runners', () => {
    let other: RateLimits;

    beforeEach(() => {
      other = new RateLimits(RATE_LIMIT_PRESETS.default, () => now);
    });

    it('are one limit once each has heard what the others let through', () => {
      takeMany(120);
      other.spentElsewhere(limits.takeSpent());

      const decisions = Array.from({ length: 100 }, () => other.take(CALL));

      expect(allowed(decisions)).toBe(80);
      expect(decisions.at(-1)).toMatchObject({ allowed: false, layer: 'tool', retryAfterMs: 50 });
    });

    it('owe what was let through too much at the same moment, and no more than one burst of it', () => {
      for (const runner of [limits, other]) for (let call = 0; call < 200; call++) runner.take(CALL);
      other.spentElsewhere(limits.takeSpent());
      other.spentElsewhere([{ layer: 'tool', key: 'org_a tool_a', perMinute: 1_200, burst: 200, calls: 1_000_000 }]);

      expect(other.take(CALL)).toMatchObject({ allowed: false, retryAfterMs: 201 * 50 });
      now += 201 * 50;
      expect(other.take(CALL)).toEqual({ allowed: true });
    });

    it('hear of each call once, with the limits that a tool has set for itself', () => {
      let asked = 0;
      limits.onSpent(() => asked++);
      takeMany(3, { limits: { perMinute: 10, burst: 4 } });

      expect(limits.takeSpent()).toEqual([
        { layer: 'organization', key: 'org_a', perMinute: 6_000, burst: 1_000, calls: 3 },
        { layer: 'tool', key: 'org_a tool_a', perMinute: 10, burst: 4, calls: 3 },
      ]);
      expect(limits.takeSpent()).toEqual([]);
      take();
      expect(asked).toBe(2);
    });

    it('hear nothing of a call that was refused', () => {
      takeMany(200);
      limits.takeSpent();

      expect(take().allowed).toBe(false);
      expect(limits.takeSpent()).toEqual([]);
    });
  });
});
