import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { KeyRing } from './key-ring.ts';

const owner = { organizationId: 'org_a', connectionId: 'conn_1', version: 1 };
const k1 = randomBytes(32).toString('base64');
const k2 = randomBytes(32).toString('base64');
const ring = (primary: string, keys: Record<string, string>) => KeyRing.parse(JSON.stringify({ primary, keys }));

describe('a key ring', () => {
  it('seals under its primary key and opens again', () => {
    const envelope = ring('k2', { k1, k2 }).seal(owner, 'secret');

    expect(envelope.keyId).toBe('k2');
    expect(ring('k2', { k1, k2 }).open(owner, envelope)).toEqual({ secret: 'secret' });
  });

  it('opens what an earlier primary key sealed', () => {
    const envelope = ring('k1', { k1 }).seal(owner, 'secret');

    expect(ring('k2', { k1, k2 }).open(owner, envelope)).toEqual({ secret: 'secret' });
  });

  it('says that the key is lost when it is not on the ring', () => {
    const envelope = ring('k1', { k1 }).seal(owner, 'secret');

    expect(ring('k2', { k2 }).open(owner, envelope)).toEqual({ unreadable: 'key_lost' });
  });

  it('says that a row is tampered with when it does not open', () => {
    const envelope = ring('k1', { k1 }).seal(owner, 'secret');

    expect(ring('k1', { k1 }).open({ ...owner, organizationId: 'org_b' }, envelope)).toEqual({
      unreadable: 'tampered',
    });
  });

  it('prints none of its keys', () => {
    const printed = inspect(ring('k1', { k1 }), { depth: null, showHidden: true }) + JSON.stringify(ring('k1', { k1 }));

    expect(printed).not.toContain(k1);
  });

  it.each([
    ['not JSON', k1, 'is not a key ring'],
    ['an array', '[]', 'is not a key ring'],
    ['without keys', '{"primary":"k1"}', 'is not a key ring'],
    ['with a key that is not base64', '{"primary":"k1","keys":{"k1":"%%%"}}', 'is not a key ring'],
    ['with a key id of strange characters', `{"primary":"k|1","keys":{"k|1":"${k1}"}}`, 'is not a key ring'],
    [
      'without its primary key',
      JSON.stringify({ primary: 'k2', keys: { k1 } }),
      'the primary key k2 is not among the keys',
    ],
    [
      'with a short key',
      '{"primary":"k1","keys":{"k1":"c2hvcnQ="}}',
      'the key k1 has 5 bytes; it must be the base64 of 32 random bytes',
    ],
  ])('refuses a text that is %s, in words', (_what, text, words) => {
    expect(() => KeyRing.parse(text)).toThrow(words);
  });

  it('repeats nothing of a text that it refuses', () => {
    expect(() => KeyRing.parse(`{"primary":"k1","keys":{"k1":"${k1}"`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(k1) }),
    );
  });
});
