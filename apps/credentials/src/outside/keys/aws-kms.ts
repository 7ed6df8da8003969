import type { KMSClient } from '@aws-sdk/client-kms';
import type { KeyProvider, Sealed, Unreadable } from './key-provider.ts';

type Sdk = typeof import('@aws-sdk/client-kms');

export interface AwsKmsOptions {
  /** ARN or id of a symmetric key; the region and the account's credentials come from the SDK's own chain. */
  keyId: string;
}

const EMPTY = Buffer.alloc(0);
const PREFIX = 'aws:';
const MAX_ATTEMPTS = 2;
const TIMEOUT_MS = 3_000;

/**
 * Data keys wrapped by AWS KMS. What it authenticates goes into the encryption context, which CloudTrail shows: ids, nothing secret.
 * The SDK is an optional dependency: whoever has no AWS need not install it.
 */
export class AwsKms implements KeyProvider {
  #loaded: Promise<{ sdk: Sdk; client: KMSClient }> | undefined;

  constructor(private readonly options: AwsKmsOptions) {}

  async currentKeyId(): Promise<string> {
    return `${PREFIX}${this.options.keyId}`;
  }

  owns(keyId: string): boolean {
    return keyId.startsWith(PREFIX);
  }

  async wrap(keyId: string, dataKey: Buffer, authenticated: Buffer): Promise<Sealed> {
    const { sdk, client } = await this.#load();
    const { CiphertextBlob } = await client.send(
      new sdk.EncryptCommand({ KeyId: keyId.slice(PREFIX.length), Plaintext: dataKey, EncryptionContext: contextOf(authenticated) }),
    );
    return { iv: EMPTY, tag: EMPTY, ciphertext: Buffer.from(CiphertextBlob!) };
  }

  async unwrap(keyId: string, { ciphertext }: Sealed, authenticated: Buffer): Promise<Buffer | Unreadable> {
    const { sdk, client } = await this.#load();
    try {
      const { Plaintext } = await client.send(
        new sdk.DecryptCommand({ KeyId: keyId.slice(PREFIX.length), CiphertextBlob: ciphertext, EncryptionContext: contextOf(authenticated) }),
      );
      return Buffer.from(Plaintext!);
    } catch (error) {
      if (error instanceof sdk.InvalidCiphertextException || error instanceof sdk.IncorrectKeyException) return 'tampered';
      if (error instanceof sdk.NotFoundException || error instanceof sdk.DisabledException || error instanceof sdk.KMSInvalidStateException) return 'key_lost';
      throw error;
    }
  }

  /** KMS turns the material of a key by itself; another key is another id, which is configuration. */
  async makeNewKey(): Promise<string> {
    throw new Error('With AWS KMS a new key is made there; set CREDENTIALS_KMS_KEY_ID to it, restart, and rotate again.');
  }

  #load(): Promise<{ sdk: Sdk; client: KMSClient }> {
    this.#loaded ??= import('@aws-sdk/client-kms').then(
      (sdk) => ({
        sdk,
        client: new sdk.KMSClient({ maxAttempts: MAX_ATTEMPTS, requestHandler: { requestTimeout: TIMEOUT_MS, connectionTimeout: TIMEOUT_MS } }),
      }),
      (cause: unknown) => {
        throw new Error('CREDENTIALS_KEY_PROVIDER is aws-kms, and the package @aws-sdk/client-kms is not installed beside the service.', { cause });
      },
    );
    return this.#loaded;
  }
}

function contextOf(authenticated: Buffer): Record<string, string> {
  return { patchbay: authenticated.toString() };
}
