import { describe, expect, it } from '@jest/globals';
import { elapsedMs, formatBytes, formatCallDuration, formatDuration, formatMoment, formatOffset, formatRelative } from './format.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.43, '0.4 ms'],
    [9.96, '10 ms'],
    [142.4, '142 ms'],
    [999.6, '1.00 s'],
    [4_210, '4.21 s'],
    [59_996, '1 min 00 s'],
    [124_000, '2 min 04 s'],
    [-3.2, '\u22123.2 ms'],
  ])('writes %d as %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});

describe('formatCallDuration', () => {
  it.each([
    [400, '0 s'],
    [59_600, '1 min 00 s'],
    [3_599_400, '59 min 59 s'],
    [3_720_000, '1 h 02 min'],
    [-5_000, '0 s'],
  ])('writes %d as %s', (durationMs, text) => {
    expect(formatCallDuration(durationMs)).toBe(text);
  });
});

describe('formatOffset', () => {
  it.each([
    [0, '0:00.0'],
    [3_240, '0:03.2'],
    [59_960, '1:00.0'],
    [760_000, '12:40.0'],
    [3_723_400, '1:02:03.4'],
    [-20, '0:00.0'],
    [-1_500, '\u22120:01.5'],
  ])('writes %d as %s', (offsetMs, text) => {
    expect(formatOffset(offsetMs)).toBe(text);
  });

  it('is counted from the start of the call', () => {
    expect(formatOffset(elapsedMs('2026-03-02T10:00:00.000Z', '2026-03-02T10:01:05.500Z'))).toBe('1:05.5');
  });
});

describe('formatMoment', () => {
  const now = new Date('2026-03-02T18:00:00Z');

  it('leaves out the date of today', () => {
    expect(formatMoment('2026-03-02T09:05:07Z', now, 'en-GB', 'UTC')).toBe('09:05:07');
  });

  it('names the date of any other day', () => {
    expect(formatMoment('2026-03-01T09:05:07Z', now, 'en-GB', 'UTC')).toBe('1 Mar 2026, 09:05:07');
  });
});

describe('formatRelative', () => {
  const now = new Date('2026-03-02T18:00:00Z');

  it.each([
    ['2026-03-02T18:00:02Z', 'now'],
    ['2026-03-02T17:59:48Z', '12 seconds ago'],
    ['2026-03-02T17:54:40Z', '5 minutes ago'],
    ['2026-03-02T21:10:00Z', 'in 3 hours'],
    ['2026-03-01T17:00:00Z', 'yesterday'],
    ['2026-06-01T18:00:00Z', 'in 91 days'],
  ])('says how far %s is from now: %s', (at, text) => {
    expect(formatRelative(at, now, 'en-GB')).toBe(text);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [4096, '4.0 KiB'],
    [1_258_291, '1.2 MiB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
