import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@patchbay/service-kit/config/secret';
import { FakeVault } from '../../../testing/fake-vault.ts';
import { openSecret, sealSecret, type SecretOwner } from './envelope.ts';
import { VaultTransit } from './vault-transit.ts';

const owner: SecretOwner = { organizationId: 'org_a', connectionId: 'conn_1', purpose: 'secret', version: 1 };

describe("Vault's transit engine as the provider of keys", () => {
  let vault: FakeVault;
  const keysOf = (token = vault.token) =>
    new VaultTransit({ url: vault.url, mount: 'transit', key: 'patchbay', token: new Secret(token) });

  beforeEach(async () => {
    vault = await FakeVault.start();
  });

  afterEach(() => vault.provider.stop());

  it('wraps the data key, and never sees the secret', async () => {
    const keys = keysOf();
    const envelope = await sealSecret(owner, 'sk_live_0123456789', keys);

    expect(envelope.keyId).toBe('vault:transit/patchbay:v1');
    expect(await openSecret(owner, envelope, keys)).toEqual({ secret: 'sk_live_0123456789' });
    expect(JSON.stringify(vault.provider.received)).not.toContain(Buffer.from('sk_live').toString('base64').slice(0, 8));
  });

  it('opens nothing for another owner', async () => {
    const keys = keysOf();
    const envelope = await sealSecret(owner, 'secret', keys);

    expect(await openSecret({ ...owner, organizationId: 'org_b' }, envelope, keys)).toEqual({ unreadable: 'tampered' });
  });

  it('opens nothing whose row names another version than its text', async () => {
    const keys = keysOf();
    const envelope = await sealSecret(owner, 'secret', keys);

    expect(await openSecret(owner, { ...envelope, keyId: 'vault:transit/patchbay:v2' }, keys)).toEqual({ unreadable: 'tampered' });
  });

  it('wraps with the new version after a rotation, and opens the old', async () => {
    const keys = keysOf();
    const before = await sealSecret(owner, 'old', keys);

    expect(await keys.makeNewKey()).toBe('vault:transit/patchbay:v2');

    expect((await sealSecret(owner, 'new', keys)).keyId).toBe('vault:transit/patchbay:v2');
    expect(await openSecret(owner, before, keys)).toEqual({ secret: 'old' });
  });

  it('says that the key is lost when its version must not be used any more', async () => {
    const keys = keysOf();
    const envelope = await sealSecret(owner, 'old', keys);
    vault.minDecryptionVersion = 2;

    expect(await openSecret(owner, envelope, keys)).toEqual({ unreadable: 'key_lost' });
  });

  it('rejects when the token is refused or Vault is sealed: the row is not to blame', async () => {
    const envelope = await sealSecret(owner, 'secret', keysOf());

    await expect(openSecret(owner, envelope, keysOf('hvs.other'))).rejects.toThrow('Vault answered 403: permission denied');
    vault.provider.script({ status: 503, body: { errors: ['Vault is sealed'] } });
    await expect(openSecret(owner, envelope, keysOf())).rejects.toThrow('Vault answered 503: Vault is sealed');
  });

  it('names neither the token nor a key when the answer is not what it should be', async () => {
    vault.provider.script({ body: { data: { type: 'chacha20-poly1305', latest_version: 1 } } });
    await expect(keysOf().currentKeyId()).rejects.toThrow('must be aes256-gcm96');

    vault.provider.script({ body: '<html>not Vault</html>' });
    await expect(keysOf().currentKeyId()).rejects.toThrow(expect.objectContaining({ message: expect.not.stringContaining(vault.token) }));
  });
});
