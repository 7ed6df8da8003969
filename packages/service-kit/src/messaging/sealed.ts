import type { SealingPublicKey } from '@patchbay/contracts/sealing';
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';

const ALG = 'ECDH-ES';
const ENC = 'A256GCM';
const CURVE = 'X25519';

/** A key of this process, or of one request; what is sealed for it opens here and nowhere on the way. */
export class SealingKey {
  readonly #privateKey: CryptoKey;

  private constructor(
    readonly publicKey: SealingPublicKey,
    privateKey: CryptoKey,
  ) {
    this.#privateKey = privateKey;
  }

  static async make(): Promise<SealingKey> {
    const { privateKey } = await generateKeyPair(ALG, { crv: CURVE, extractable: true });
    return SealingKey.#from(privateKey, await exportJWK(privateKey));
  }

  /** From `toJson` of another process. Throws for anything else. */
  static async fromJson(text: string): Promise<SealingKey> {
    const jwk = JSON.parse(text) as JWK;
    return SealingKey.#from((await importJWK(jwk, ALG, { extractable: true })) as CryptoKey, jwk);
  }

  static #from(privateKey: CryptoKey, { x }: JWK): SealingKey {
    return new SealingKey({ kty: 'OKP', crv: CURVE, x: x! }, privateKey);
  }

  /** The private half: a secret itself. */
  async toJson(): Promise<string> {
    return JSON.stringify(await exportJWK(this.#privateKey));
  }

  /** Rejects when the text was not sealed for this key, or was changed since. */
  async open(sealed: string): Promise<unknown> {
    const { plaintext } = await compactDecrypt(sealed, this.#privateKey, {
      keyManagementAlgorithms: [ALG],
      contentEncryptionAlgorithms: [ENC],
    });
    return JSON.parse(new TextDecoder().decode(plaintext));
  }
}

/** JSON that only the holder of the key can read, as a compact JWE. Source: RFC 7516, RFC 7518 4.6. */
export async function sealFor(publicKey: SealingPublicKey, value: unknown): Promise<string> {
  const key = await importJWK(publicKey, ALG);
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(value))).setProtectedHeader({ alg: ALG, enc: ENC }).encrypt(key);
}
