import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openSecret, sealSecret, type Envelope, type Sealed } from './envelope.ts';

const owner = { organizationId: 'org_a', connectionId: 'conn_1', version: 1 };
const key = { keyId: 'k1', bytes: randomBytes(32) };
const secret = 'sk_live_0123456789';

/** The same bytes but for one flipped bit. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[0] = copy[0]! ^ 1;
  return copy;
}

describe('an envelope', () => {
  it('opens with the key and the owner it was sealed for', () => {
    const envelope = sealSecret(owner, secret, key);

    expect(openSecret(owner, envelope, key)).toBe(secret);
    expect(envelope).toMatchObject({ alg: 'aes-256-gcm', keyId: 'k1' });
  });

  it('keeps characters outside ASCII', () => {
    expect(openSecret(owner, sealSecret(owner, 'ключ 🔑', key), key)).toBe('ключ 🔑');
  });

  it('uses a fresh data key and fresh nonces each time', () => {
    const [first, second] = [sealSecret(owner, secret, key), sealSecret(owner, secret, key)];

    expect(first.wrappedKey.iv).not.toEqual(second.wrappedKey.iv);
    expect(first.secret.iv).not.toEqual(second.secret.iv);
    expect(first.secret.ciphertext).not.toEqual(second.secret.ciphertext);
  });

  it('holds the secret nowhere in the clear', () => {
    const { wrappedKey, secret: sealed } = sealSecret(owner, secret, key);

    const stored = Buffer.concat([wrappedKey.ciphertext, sealed.ciphertext, wrappedKey.tag, sealed.tag]);

    expect(stored.includes(secret)).toBe(false);
  });

  it.each([
    ['organization', { ...owner, organizationId: 'org_b' }],
    ['connection', { ...owner, connectionId: 'conn_2' }],
    ['version', { ...owner, version: 2 }],
  ])('stays closed when its row is copied to another %s', (_what, stranger) => {
    expect(openSecret(stranger, sealSecret(owner, secret, key), key)).toBeNull();
  });

  it('stays closed under another key of the same name', () => {
    expect(openSecret(owner, sealSecret(owner, secret, key), { keyId: 'k1', bytes: randomBytes(32) })).toBeNull();
  });

  it('stays closed when its row names another key', () => {
    const renamed = { ...sealSecret(owner, secret, key), keyId: 'k2' };

    expect(openSecret(owner, renamed, { ...key, keyId: 'k2' })).toBeNull();
  });

  it('stays closed when its algorithm is not ours', () => {
    expect(openSecret(owner, { ...sealSecret(owner, secret, key), alg: 'none' }, key)).toBeNull();
  });

  const layers: (keyof Pick<Envelope, 'wrappedKey' | 'secret'>)[] = ['wrappedKey', 'secret'];
  const parts: (keyof Sealed)[] = ['iv', 'tag', 'ciphertext'];
  it.each(layers.flatMap((layer) => parts.map((part) => [layer, part] as const)))(
    'stays closed when one bit of %s.%s is changed',
    (layer, part) => {
      const envelope = sealSecret(owner, secret, key);
      const tampered = { ...envelope, [layer]: { ...envelope[layer], [part]: flipped(envelope[layer][part]) } };

      expect(openSecret(owner, tampered, key)).toBeNull();
    },
  );

  it('stays closed when a tag is cut short', () => {
    const envelope = sealSecret(owner, secret, key);
    const short = { ...envelope, secret: { ...envelope.secret, tag: envelope.secret.tag.subarray(0, 4) } };

    expect(openSecret(owner, short, key)).toBeNull();
  });
});
