import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openSecret, sealSecret, type Envelope, type SecretOwner } from './envelope.ts';
import type { Sealed } from './key-provider.ts';
import { LocalKeyRing } from './local-key-ring.ts';

const owner: SecretOwner = { organizationId: 'org_a', connectionId: 'conn_1', purpose: 'secret', version: 1 };
const secret = 'sk_live_0123456789';
const ringOf = (keyId: string) =>
  LocalKeyRing.fromText(JSON.stringify({ primary: keyId, keys: { [keyId]: randomBytes(32).toString('base64') } }));
const keys = ringOf('k1');

/** The same bytes but for one flipped bit. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[0] = copy[0]! ^ 1;
  return copy;
}

describe('an envelope', () => {
  it('opens with the key and the owner it was sealed for', async () => {
    const envelope = await sealSecret(owner, secret, keys);

    expect(await openSecret(owner, envelope, keys)).toEqual({ secret });
    expect(envelope).toMatchObject({ alg: 'aes-256-gcm', keyId: 'k1' });
  });

  it('keeps characters outside ASCII', async () => {
    expect(await openSecret(owner, await sealSecret(owner, 'ключ 🔑', keys), keys)).toEqual({ secret: 'ключ 🔑' });
  });

  it('uses a fresh data key and fresh nonces each time', async () => {
    const [first, second] = [await sealSecret(owner, secret, keys), await sealSecret(owner, secret, keys)];

    expect(first.wrappedKey.iv).not.toEqual(second.wrappedKey.iv);
    expect(first.secret.iv).not.toEqual(second.secret.iv);
    expect(first.secret.ciphertext).not.toEqual(second.secret.ciphertext);
  });

  it('holds the secret nowhere in the clear', async () => {
    const { wrappedKey, secret: sealed } = await sealSecret(owner, secret, keys);

    const stored = Buffer.concat([wrappedKey.ciphertext, sealed.ciphertext, wrappedKey.tag, sealed.tag]);

    expect(stored.includes(secret)).toBe(false);
  });

  it.each([
    ['organization', { ...owner, organizationId: 'org_b' }],
    ['connection', { ...owner, connectionId: 'conn_2' }],
    ['purpose', { ...owner, purpose: 'tokens' as const }],
    ['version', { ...owner, version: 2 }],
  ])('stays closed when its row is copied to another %s', async (_what, stranger) => {
    expect(await openSecret(stranger, await sealSecret(owner, secret, keys), keys)).toEqual({ unreadable: 'tampered' });
  });

  it('stays closed under another key of the same name', async () => {
    expect(await openSecret(owner, await sealSecret(owner, secret, keys), ringOf('k1'))).toEqual({ unreadable: 'tampered' });
  });

  it('stays closed when its row names another key', async () => {
    const bytes = randomBytes(32).toString('base64');
    const both = LocalKeyRing.fromText(JSON.stringify({ primary: 'k1', keys: { k1: bytes, k2: bytes } }));
    const renamed = { ...(await sealSecret(owner, secret, both)), keyId: 'k2' };

    expect(await openSecret(owner, renamed, both)).toEqual({ unreadable: 'tampered' });
  });

  it('stays closed when its algorithm is not ours', async () => {
    expect(await openSecret(owner, { ...(await sealSecret(owner, secret, keys)), alg: 'none' }, keys)).toEqual({ unreadable: 'tampered' });
  });

  const layers: (keyof Pick<Envelope, 'wrappedKey' | 'secret'>)[] = ['wrappedKey', 'secret'];
  const parts: (keyof Sealed)[] = ['iv', 'tag', 'ciphertext'];
  it.each(layers.flatMap((layer) => parts.map((part) => [layer, part] as const)))(
    'stays closed when one bit of %s.%s is changed',
    async (layer, part) => {
      const envelope = await sealSecret(owner, secret, keys);
      const tampered = { ...envelope, [layer]: { ...envelope[layer], [part]: flipped(envelope[layer][part]) } };

      expect(await openSecret(owner, tampered, keys)).toEqual({ unreadable: 'tampered' });
    },
  );

  it('stays closed when a tag is cut short', async () => {
    const envelope = await sealSecret(owner, secret, keys);
    const short = { ...envelope, secret: { ...envelope.secret, tag: envelope.secret.tag.subarray(0, 4) } };

    expect(await openSecret(owner, short, keys)).toEqual({ unreadable: 'tampered' });
  });

  it('opens when it was sealed before secrets had a purpose', async () => {
    const ring = LocalKeyRing.fromText(JSON.stringify({ primary: 'k1', keys: { k1: Buffer.alloc(32, 7).toString('base64') } }));
    const recorded: Envelope = {
      alg: 'aes-256-gcm',
      keyId: 'k1',
      wrappedKey: sealedOf(
        'c95270c20fc563d4e65d97d8',
        '502fbe31ab6bf25e38d971be9c4d1903',
        '70683ae34200d8fe856925fa0dec0ed130d64af557b2c3460e9fdba094226609',
      ),
      secret: sealedOf('29645a080975261c660f63bb', 'f9699572939b0c6cf0f273c44df30890', '51499317c8d6162ebb8b251a29f208c483ac'),
    };

    expect(await openSecret(owner, recorded, ring)).toEqual({ secret });
  });
});

function sealedOf(iv: string, tag: string, ciphertext: string): Sealed {
  return { iv: Buffer.from(iv, 'hex'), tag: Buffer.from(tag, 'hex'), ciphertext: Buffer.from(ciphertext, 'hex') };
}
