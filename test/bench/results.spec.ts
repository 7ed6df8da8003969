import { describe, expect, it } from '@jest/globals';
import { CONCURRENCIES, CONTENDERS, type Concurrency, type ContenderName } from './contenders/contender.ts';
import { summarize, type Measured, type Sample } from './results.ts';

function sample(contender: ContenderName, concurrency: Concurrency, over: Partial<Sample> = {}): Sample {
  return {
    contender,
    concurrency,
    round: 1,
    p50Ms: 1,
    p99Ms: 2,
    perSecond: 100,
    cpuMsPerCallByPart: null,
    othersShare: null,
    traces: null,
    ...over,
  };
}

function measured(samples: Sample[], over: Partial<Measured> = {}): Measured {
  return { samples, slow: [], credential: [], profiles: {}, memory: null, ...over };
}

function everything(round: number): Sample[] {
  return CONTENDERS.flatMap((contender) =>
    CONCURRENCIES.map((concurrency) => sample(contender, concurrency, { round })),
  );
}

describe('summarize', () => {
  it('has exactly the agreed keys, in their order', () => {
    const result = summarize(measured(everything(1), { slow: [{ contender: 'patchbayRead', addedP50Ms: 2, addedP99Ms: 9 }], credential: [{ addedP50Ms: 0.05 }] }));
    expect(Object.keys(result)).toEqual([
      'direct',
      'webhook',
      'webhookTraced',
      'patchbayRead',
      'patchbayWrite',
      'ratios',
      'memory',
      'profiles',
      'addedAt150',
    ]);
    expect(Object.keys(result.direct!)).toEqual(['c1', 'c16', 'c64']);
    expect(Object.keys(result.direct!.c1)).toEqual(['p50Ms', 'p99Ms', 'perSecond', 'cpuMsPerCall']);
    const ratios = { readP50C1: 1, readThroughputC64: 1, readP99C64: 1, writeP50C1: 1 };
    expect(result.ratios).toEqual({ traced: ratios, bare: ratios, addedP50MsAt150: 2, addedP99MsAt150: 9, addedP50MsByCredential: 0.05 });
    expect(result.addedAt150).toEqual({ webhook: null, webhookTraced: null, patchbayRead: { p50Ms: 2, p99Ms: 9 } });
  });

  it('takes the median of the rounds', () => {
    const rounds = [1, 9, 2].map((p50Ms, index) => sample('direct', 1, { p50Ms, round: index }));
    const others = CONCURRENCIES.slice(1).map((concurrency) => sample('direct', concurrency));
    expect(summarize(measured([...rounds, ...others])).direct!.c1.p50Ms).toBe(2);
  });

  it('compares what ran in the same round, so that a slow minute of the machine does not count', () => {
    const slowRound = [sample('patchbayRead', 1, { p50Ms: 30 }), sample('webhook', 1, { p50Ms: 20 })];
    const fastRound = [
      sample('patchbayRead', 1, { p50Ms: 1.5, round: 2 }),
      sample('webhook', 1, { p50Ms: 1, round: 2 }),
    ];
    expect(summarize(measured([...slowRound, ...fastRound])).ratios.bare.readP50C1).toBe(1.5);
  });

  it('takes the median of what a connection adds, so that one bad slice does not count', () => {
    const credential = [0.03, 4, 0.05, -2, 0.04].map((addedP50Ms) => ({ addedP50Ms }));
    expect(summarize(measured([], { credential })).ratios.addedP50MsByCredential).toBe(0.04);
  });

  it('is null where a contender was not measured, and in every ratio with it', () => {
    const result = summarize(measured(everything(1).filter(({ contender }) => contender !== 'webhookTraced')));
    expect(result.webhookTraced).toBeNull();
    expect(result.ratios.traced).toEqual({
      readP50C1: null,
      readThroughputC64: null,
      readP99C64: null,
      writeP50C1: null,
    });
    expect(result.ratios.bare.readP50C1).toBe(1);
    expect(result.ratios.addedP50MsAt150).toBeNull();
    expect(result.ratios.addedP50MsByCredential).toBeNull();
  });

  it('counts the sink of the spans for both who send spans, and PostgreSQL for nobody', () => {
    const cpuMsPerCallByPart = {
      runner: 1,
      nats: 0.5,
      observability: 0.25,
      postgres: 8,
      load: 8,
      webhook: 0.75,
      webhookTraced: 1,
    };
    const samples = everything(1).map((one) => ({ ...one, cpuMsPerCallByPart }));
    const result = summarize(measured(samples));
    expect(result.patchbayRead!.c1.cpuMsPerCall).toBe(1.75);
    expect(result.webhookTraced!.c1.cpuMsPerCall).toBe(1.25);
    expect(result.webhook!.c1.cpuMsPerCall).toBe(0.75);
    expect(result.direct!.c1.cpuMsPerCall).toBeNull();
  });
});
