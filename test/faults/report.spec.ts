import { describe, expect, it } from '@jest/globals';
import { atMost, none } from './figure.ts';
import { reportText, summaryOf } from './report.ts';

const figures = [
  atMost('slow: answer after its deadline', 41.26, 100, 'ms'),
  none('slow: writes with a wrong status', ['call_3: failed timeout']),
  atMost('breaker: time to close', Infinity, 10_000, 'ms'),
];

describe('the report', () => {
  it('says each figure beside its bound, with the offenders of those that did not hold', () => {
    expect(reportText({ seed: 7, figures }).split('\n')).toEqual([
      'held   slow: answer after its deadline        41.3   <= 100 ms',
      'FAILED slow: writes with a wrong status          1   = 0',
      '         call_3: failed timeout',
      'FAILED breaker: time to close                never   <= 10000 ms',
      '',
      '1 held, 2 did not; seed 7',
    ]);
  });

  it('is one line of JSON for programs; what never happened is null', () => {
    expect(JSON.parse(summaryOf({ seed: 7, figures }))).toEqual({
      seed: 7,
      cases: [
        { name: 'slow: answer after its deadline', figure: 41.3, bound: '<= 100 ms', pass: true },
        { name: 'slow: writes with a wrong status', figure: 1, bound: '= 0', pass: false },
        { name: 'breaker: time to close', figure: null, bound: '<= 10000 ms', pass: false },
      ],
      failed: 2,
    });
  });
});
