import { randomBytes } from 'node:crypto';
import { ScriptedProvider, type ReceivedRequest, type ScriptedReply } from '@patchbay/testing/scripted-provider';
import { decrypt, encrypt, KEY_BYTES } from '../src/outside/keys/aes-gcm.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AWS KMS as its JSON 1.1 protocol describes it: Encrypt and Decrypt with symmetric keys and an encryption context. */
export class FakeKms {
  readonly #keys = new Map([
    ['key-1', randomBytes(KEY_BYTES)],
    ['key-2', randomBytes(KEY_BYTES)],
  ]);

  private constructor(readonly provider: ScriptedProvider) {
    provider.otherwise((request) => this.#answer(request));
  }

  static async start(): Promise<FakeKms> {
    return new FakeKms(await ScriptedProvider.start());
  }

  forget(keyId: string): void {
    this.#keys.delete(keyId);
  }

  #answer({ headers, body }: ReceivedRequest): ScriptedReply {
    const asked = JSON.parse(body) as { KeyId: string; Plaintext: string; CiphertextBlob: string; EncryptionContext: Record<string, string> };
    const key = this.#keys.get(asked.KeyId);
    if (!key) return refusal('NotFoundException');
    const context = Buffer.from(JSON.stringify(asked.EncryptionContext));
    if (headers['x-amz-target'] === 'TrentService.Encrypt') {
      const { iv, tag, ciphertext } = encrypt(key, Buffer.from(asked.Plaintext, 'base64'), context);
      return answer({ KeyId: asked.KeyId, CiphertextBlob: Buffer.concat([iv, ciphertext, tag]).toString('base64') });
    }
    const bytes = Buffer.from(asked.CiphertextBlob, 'base64');
    const sealed = { iv: bytes.subarray(0, IV_BYTES), ciphertext: bytes.subarray(IV_BYTES, -TAG_BYTES), tag: bytes.subarray(-TAG_BYTES) };
    const plain = decrypt(key, sealed, context);
    return plain ? answer({ KeyId: asked.KeyId, Plaintext: plain.toString('base64') }) : refusal('InvalidCiphertextException');
  }
}

const TYPE = { 'content-type': 'application/x-amz-json-1.1' };

function answer(body: object): ScriptedReply {
  return { body: JSON.stringify(body), headers: TYPE };
}

function refusal(type: string): ScriptedReply {
  return { status: 400, body: JSON.stringify({ __type: type, message: 'refused' }), headers: TYPE };
}
