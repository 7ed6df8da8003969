import { beforeEach, describe, expect, it } from '@jest/globals';
import { RecentMap } from './recent-map.ts';

describe('a map of what is recent', () => {
  let now: number;
  let map: RecentMap<{ of: string }>;
  const use = (...keys: string[]) => keys.forEach((of) => map.at(of, () => ({ of })));

  beforeEach(() => {
    now = 0;
    map = new RecentMap({ idleMs: 100, maxKeys: 10 }, () => now);
  });

  it('makes a value once and finds it again', () => {
    const made = map.at('a', () => ({ of: 'a' }));

    expect(map.at('a', () => ({ of: 'another' }))).toBe(made);
    expect(map.find('b')).toBeUndefined();
  });

  it('keeps what is used, however long', () => {
    const made = map.at('a', () => ({ of: 'a' }));
    for (; now < 1_000; now += 90) expect(map.find('a')).toBe(made);
  });

  it('forgets what was not used for twice its time, although others were', () => {
    use('a', 'b');
    for (; now <= 200; now += 50) use('b');

    expect(map.find('a')).toBeUndefined();
    expect(map.find('b')).toEqual({ of: 'b' });
  });

  it('forgets everything after a long silence', () => {
    use('a', 'b');
    now = 200;

    expect([map.find('a'), map.size]).toEqual([undefined, 0]);
  });

  it('holds no more keys than it may, and drops the longest unused', () => {
    for (let key = 0; key < 1_000; key++) {
      use('always', `${key}`);
      expect(map.size).toBeLessThanOrEqual(10);
    }

    expect(map.find('always')).toEqual({ of: 'always' });
    expect(map.find('1')).toBeUndefined();
  });
});
