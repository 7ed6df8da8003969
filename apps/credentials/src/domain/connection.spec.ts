import { describe, expect, it } from '@jest/globals';
import { firstVersion, resolved } from './connection.ts';

const draft = { connectionId: 'conn_1', name: 'Calendar', provider: 'calcom', kind: 'bearer', sandbox: false } as const;
const now = new Date('2026-11-21T08:00:00.000Z');
const hintOf = (secret: string) => firstVersion(draft, secret, now).hint;

describe('a new connection', () => {
  it('is version 1 and knows when it was made', () => {
    expect(firstVersion(draft, 'sk_live_0123456789', now)).toEqual({
      ...draft,
      hint: '6789',
      version: 1,
      createdAt: '2026-11-21T08:00:00.000Z',
    });
  });

  it('hints at the last four characters of a secret of 16 or more', () => {
    expect(hintOf('0123456789abcdef')).toBe('cdef');
  });

  it('gives no hint of a shorter secret', () => {
    expect(hintOf('0123456789abcde')).toBe('');
  });
});

describe('a resolved connection', () => {
  it('carries a bearer secret as the authorization header, and whether it is of a sandbox', () => {
    const connection = { connectionId: 'conn_1', version: 3, kind: 'bearer', sandbox: true } as const;

    expect(resolved(connection, 'abc')).toEqual({
      connectionId: 'conn_1',
      version: 3,
      sandbox: true,
      headers: { authorization: 'Bearer abc' },
      signingSecrets: [],
    });
  });

  it('carries a signing secret as something to sign with, never as a header', () => {
    const connection = { connectionId: 'conn_1', version: 1, kind: 'signing_secret', sandbox: false } as const;

    expect(resolved(connection, 'whsec_abc')).toMatchObject({ headers: {}, signingSecrets: ['whsec_abc'] });
  });
});
