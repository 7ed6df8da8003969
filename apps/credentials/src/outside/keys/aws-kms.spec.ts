import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeKms } from '../../../testing/fake-kms.ts';
import { AwsKms } from './aws-kms.ts';
import { openSecret, sealSecret, type SecretOwner } from './envelope.ts';

const owner: SecretOwner = { organizationId: 'org_a', connectionId: 'conn_1', purpose: 'secret', version: 1 };

describe('AWS KMS as the provider of keys', () => {
  let kms: FakeKms;
  const before = { ...process.env };

  beforeAll(async () => {
    kms = await FakeKms.start();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_KMS: kms.provider.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
  });

  afterAll(async () => {
    process.env = before;
    await kms.provider.stop();
  });

  it('wraps the data key through its SDK, bound to the owner by the encryption context', async () => {
    const keys = new AwsKms({ keyId: 'key-1' });
    const envelope = await sealSecret(owner, 'sk_live_0123456789', keys);

    expect(envelope.keyId).toBe('aws:key-1');
    expect(await openSecret(owner, envelope, keys)).toEqual({ secret: 'sk_live_0123456789' });
    expect(JSON.parse(kms.provider.received[0]!.body)).toMatchObject({ EncryptionContext: { patchbay: 'v1|org_a|conn_1|1|aws:key-1' } });
    expect(await openSecret({ ...owner, connectionId: 'conn_2' }, envelope, keys)).toEqual({ unreadable: 'tampered' });
  });

  it('opens what an earlier key wrapped, and says when that key is gone', async () => {
    const envelope = await sealSecret(owner, 'old', new AwsKms({ keyId: 'key-2' }));
    const keys = new AwsKms({ keyId: 'key-1' });

    expect(await openSecret(owner, envelope, keys)).toEqual({ secret: 'old' });
    kms.forget('key-2');
    expect(await openSecret(owner, envelope, keys)).toEqual({ unreadable: 'key_lost' });
  });

  it('says that another key is configuration', async () => {
    await expect(new AwsKms({ keyId: 'key-1' }).makeNewKey()).rejects.toThrow('CREDENTIALS_KMS_KEY_ID');
  });
});
