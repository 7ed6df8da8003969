import { randomBytes } from 'node:crypto';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { ScriptedProvider, type ReceivedRequest, type ScriptedReply } from '@patchbay/testing/scripted-provider';
import { decrypt, encrypt, KEY_BYTES } from '../src/outside/keys/aes-gcm.ts';

const TAG_BYTES = 16;
const IV_BYTES = 12;

/** Vault's transit engine as its HTTP API describes it: one key of several versions, associated data, its words for errors. */
export class FakeVault {
  readonly token = KNOWN_SECRETS.vaultToken;
  minDecryptionVersion = 1;
  readonly #versions: Buffer[] = [randomBytes(KEY_BYTES)];

  private constructor(readonly provider: ScriptedProvider) {
    provider.otherwise((request) => this.#answer(request));
  }

  static async start(): Promise<FakeVault> {
    return new FakeVault(await ScriptedProvider.start());
  }

  get url(): string {
    return this.provider.url;
  }

  #answer({ method, path, headers, body }: ReceivedRequest): ScriptedReply {
    if (headers['x-vault-token'] !== this.token) return refusal(403, 'permission denied');
    const [operation, key, rest] = path.replace('/v1/transit/', '').split('/');
    if (key !== 'patchbay') return { status: 404, body: { errors: [] } };
    const asked = body ? (JSON.parse(body) as Record<string, string>) : {};
    if (operation === 'keys' && rest === 'rotate') this.#versions.push(randomBytes(KEY_BYTES));
    if (operation === 'keys') return { body: { data: { type: 'aes256-gcm96', latest_version: this.#versions.length, name: 'patchbay' } } };
    if (method !== 'POST') return refusal(405, 'unsupported operation');
    return operation === 'encrypt' ? this.#encrypt(asked) : this.#decrypt(asked);
  }

  #encrypt({ plaintext, associated_data, key_version }: Record<string, string>): ScriptedReply {
    const version = Number(key_version ?? this.#versions.length);
    const { iv, tag, ciphertext } = encrypt(this.#versions[version - 1]!, fromBase64(plaintext), fromBase64(associated_data));
    const text = Buffer.concat([iv, ciphertext, tag]).toString('base64');
    return { body: { data: { ciphertext: `vault:v${version}:${text}`, key_version: version } } };
  }

  #decrypt({ ciphertext, associated_data }: Record<string, string>): ScriptedReply {
    const [, numbered, text] = ciphertext!.split(':');
    const version = Number(numbered!.slice(1));
    if (version < this.minDecryptionVersion) return refusal(400, 'ciphertext or signature version is disallowed by policy (too old)');
    const bytes = fromBase64(text);
    const sealed = { iv: bytes.subarray(0, IV_BYTES), ciphertext: bytes.subarray(IV_BYTES, -TAG_BYTES), tag: bytes.subarray(-TAG_BYTES) };
    const plain = decrypt(this.#versions[version - 1]!, sealed, fromBase64(associated_data));
    return plain ? { body: { data: { plaintext: plain.toString('base64') } } } : refusal(400, 'cipher: message authentication failed');
  }
}

function refusal(status: number, error: string): ScriptedReply {
  return { status, body: { errors: [error] } };
}

function fromBase64(text: string | undefined): Buffer {
  return Buffer.from(text ?? '', 'base64');
}
