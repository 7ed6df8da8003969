import { describe, expect, it } from '@jest/globals';
import { isPassing, problemOf } from './problem.ts';

describe('problemOf', () => {
  it('takes code, message and trace from the typed error of the gateway', () => {
    const body = JSON.stringify({ code: 'unauthenticated', message: 'Unknown API key.', traceId: 'ab'.repeat(16) });

    expect(problemOf(401, body)).toEqual({
      kind: 'refused',
      status: 401,
      code: 'unauthenticated',
      message: 'Unknown API key.',
      traceId: 'ab'.repeat(16),
    });
  });

  it('keeps which fields were refused', () => {
    const fields = [{ path: 'check.url', problem: 'must be https' }];
    const body = JSON.stringify({ code: 'invalid_arguments', message: 'No.', details: { fields } });

    expect(problemOf(400, body)).toMatchObject({ fields });
  });

  it('says that a proxy answered when the gateway is away', () => {
    expect(problemOf(502, '<h1>Bad Gateway</h1>')).toEqual({
      kind: 'unreachable',
      message: 'A proxy answered for the gateway (HTTP 502).',
    });
  });

  it.each(['', 'null', '"no"', '[]', '{"error":"x"}'])('takes %p for an answer of something else', (body) => {
    expect(problemOf(404, body)).toEqual({
      kind: 'unreachable',
      message: 'Something that is not the gateway answered (HTTP 404).',
    });
  });
});

describe('isPassing', () => {
  const refused = (status: number) => ({ kind: 'refused', status, code: 'internal', message: '' }) as const;

  it('is true for what may be over soon', () => {
    expect(
      [{ kind: 'unreachable', message: '' } as const, refused(500), refused(503), refused(429)].map(isPassing),
    ).toEqual([true, true, true, true]);
  });

  it('is false for what the same request will always get', () => {
    expect([refused(400), refused(401), refused(404)].map(isPassing)).toEqual([false, false, false]);
  });
});
