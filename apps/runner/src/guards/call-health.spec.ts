import { describe, expect, it } from '@jest/globals';
import type { SendFailureCode } from '@patchbay/egress/send-failure';
import type { SendResult } from '@patchbay/egress/send-result';
import { callHealth } from './call-health.ts';

const timings = { totalMs: 1, reusedConnection: true };
const PATIENT = { givenMs: 8_000, timeoutMs: 8_000 };
const answered = (status: number): SendResult => ({
  kind: 'answered',
  status,
  headers: {},
  body: Buffer.alloc(0),
  wireBytes: 0,
  decodedBytes: 0,
  redirectRefused: false,
  timings,
});
const failed = (code: SendFailureCode): SendResult => ({ kind: 'failed', code, sent: true, message: 'it failed', timings });

describe('the health of a call', () => {
  it.each([
    [200, 'success'],
    [302, 'success'],
    [401, 'success'],
    [404, 'success'],
    [429, 'success'],
    [500, 'failure'],
    [503, 'failure'],
  ])('takes the answer %i for a %s', (status, health) => {
    expect(callHealth(answered(status), PATIENT)).toBe(health);
  });

  it.each([
    ['timeout', 'failure'],
    ['reset', 'failure'],
    ['connect_failed', 'failure'],
    ['tls_failed', 'failure'],
    ['dns_failed', 'failure'],
    ['cancelled', 'ignored'],
    ['egress_blocked', 'ignored'],
    ['provider_unreadable', 'ignored'],
  ] as const)('takes %s for a %s', (code, health) => {
    expect(callHealth(failed(code), PATIENT)).toBe(health);
  });

  it('does not blame the provider for a turn that was nearly over', () => {
    expect(callHealth(failed('timeout'), { givenMs: 80, timeoutMs: 8_000 })).toBe('ignored');
  });

  it('blames a provider that takes longer than its action may', () => {
    expect(callHealth(failed('timeout'), { givenMs: 200, timeoutMs: 200 })).toBe('failure');
  });
});
