import { describe, expect, it } from '@jest/globals';
import { median, medianOfMeasured, percentile, round } from './statistics.ts';

describe('percentile', () => {
  it('takes the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('is the largest value when there are too few for the share', () => {
    expect(percentile([1, 2, 3], 0.99)).toBe(3);
  });

  it('is NaN without values, so that nothing measured never looks like zero', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('median', () => {
  it('ignores the order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('is the mean of the two in the middle for an even count', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('is not moved by one wild round', () => {
    expect(median([1, 1.1, 900])).toBe(1.1);
  });

  it('is NaN without values', () => {
    expect(median([])).toBeNaN();
  });
});

describe('medianOfMeasured', () => {
  it('leaves out what was not measured', () => {
    expect(medianOfMeasured([null, 2, null, 4])).toBe(3);
  });

  it('is null when nothing was measured', () => {
    expect(medianOfMeasured([null, null])).toBeNull();
  });
});

describe('round', () => {
  it('keeps three places unless told', () => {
    expect(round(1.23456)).toBe(1.235);
    expect(round(1.23456, 1)).toBe(1.2);
  });
});
