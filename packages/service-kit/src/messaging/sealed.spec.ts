import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { SealedText, SealingPublicKey } from '@patchbay/contracts/sealing';
import { sealFor, SealingKey } from './sealed.ts';

const secret = { secret: 'sk_live_0123456789' };

describe('a sealed value', () => {
  it('opens with the key it was sealed for, also in another process', async () => {
    const key = await SealingKey.make();
    const sealed = await sealFor(key.publicKey, secret);

    expect(await key.open(sealed)).toEqual(secret);
    expect(await (await SealingKey.fromJson(await key.toJson())).open(sealed)).toEqual(secret);
  });

  it('has the form that the contract names, and nothing of the secret in it', async () => {
    const { publicKey } = await SealingKey.make();
    const sealed = await sealFor(publicKey, secret);

    expect(SealedText.safeParse(sealed).success).toBe(true);
    expect(SealingPublicKey.safeParse(publicKey).success).toBe(true);
    expect(Buffer.from(sealed, 'base64').toString()).not.toContain('sk_live');
  });

  it('stays closed for another key, and when a character was changed', async () => {
    const key = await SealingKey.make();
    const sealed = await sealFor(key.publicKey, secret);
    const changed = sealed.slice(0, -6) + (sealed.at(-6) === 'A' ? 'B' : 'A') + sealed.slice(-5);

    await expect((await SealingKey.make()).open(sealed)).rejects.toThrow('decryption operation failed');
    await expect(key.open(changed)).rejects.toThrow('decryption operation failed');
  });

  it('is never the same twice', async () => {
    const { publicKey } = await SealingKey.make();

    expect(await sealFor(publicKey, secret)).not.toBe(await sealFor(publicKey, secret));
  });

  it('is not opened when somebody asks for a weaker way', async () => {
    const key = await SealingKey.make();
    const [, ...rest] = (await sealFor(key.publicKey, secret)).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM' })).toString('base64url');

    await expect(key.open([header, ...rest].join('.'))).rejects.toThrow('not allowed');
  });

  it('leaves the private half out of what is printed', async () => {
    const key = await SealingKey.make();
    const { d } = JSON.parse(await key.toJson()) as { d: string };

    expect(inspect(key, { depth: null, showHidden: true }) + JSON.stringify(key)).not.toContain(d);
  });
});
