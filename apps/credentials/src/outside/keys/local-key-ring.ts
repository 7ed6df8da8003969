import { randomBytes } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { decrypt, encrypt, KEY_BYTES } from './aes-gcm.ts';
import { keyRingText, parseKeyRing, type KeyRing } from './key-ring.ts';
import type { KeyProvider, Sealed, Unreadable } from './key-provider.ts';

/**
 * Keys in a file, or in a variable. The file is read again when it has changed: a key added while services run is used by the next
 * secret, and what another process sealed under it opens here.
 */
export class LocalKeyRing implements KeyProvider {
  #ring: KeyRing;
  #file: { path: string; seen: string } | null;

  private constructor(ring: KeyRing, file: { path: string; seen: string } | null) {
    this.#ring = ring;
    this.#file = file;
  }

  /** Throws an Error that says what is wrong without repeating any of the text. */
  static fromText(text: string): LocalKeyRing {
    return new LocalKeyRing(parseKeyRing(text), null);
  }

  static fromFile(path: string): LocalKeyRing {
    const seen = markOf(statSync(path));
    return new LocalKeyRing(parseKeyRing(readFileSync(path, 'utf8')), { path, seen });
  }

  async currentKeyId(): Promise<string> {
    await this.#readAgain();
    return this.#ring.primary;
  }

  owns(keyId: string): boolean {
    return !/^(?:vault|aws):/.test(keyId);
  }

  async wrap(keyId: string, dataKey: Buffer, authenticated: Buffer): Promise<Sealed> {
    return encrypt(this.#ring.keys.get(keyId)!, dataKey, authenticated);
  }

  async unwrap(keyId: string, wrapped: Sealed, authenticated: Buffer): Promise<Buffer | Unreadable> {
    if (!this.#ring.keys.has(keyId)) await this.#readAgain();
    const key = this.#ring.keys.get(keyId);
    if (!key) return 'key_lost';
    return decrypt(key, wrapped, authenticated) ?? 'tampered';
  }

  async makeNewKey(): Promise<string> {
    await this.#readAgain();
    const keyId = nextKeyId(this.#ring);
    await this.#replace({ primary: keyId, keys: new Map([...this.#ring.keys, [keyId, randomBytes(KEY_BYTES)]]) });
    return keyId;
  }

  /** Takes a key off the ring for ever. Whoever asks has made sure that nothing is sealed under it. */
  async forget(keyId: string): Promise<void> {
    await this.#readAgain();
    if (keyId === this.#ring.primary) throw new Error(`${keyId} is the primary key`);
    if (!this.#ring.keys.has(keyId)) throw new Error(`there is no key ${keyId} on the ring`);
    await this.#replace({ ...this.#ring, keys: new Map([...this.#ring.keys].filter(([known]) => known !== keyId)) });
  }

  async #readAgain(): Promise<void> {
    if (!this.#file) return;
    const seen = markOf(await stat(this.#file.path));
    if (seen === this.#file.seen) return;
    this.#ring = parseKeyRing(await readFile(this.#file.path, 'utf8'));
    this.#file.seen = seen;
  }

  /** By renaming, and durable before anything is sealed under a new key: a key that a power cut takes away takes its secrets along. */
  async #replace(ring: KeyRing): Promise<void> {
    if (!this.#file) throw new Error('the keys are in a variable; put them into a file (CREDENTIALS_KEYRING_FILE) to change them while services run');
    const { path } = this.#file;
    const written = await open(`${path}.next`, 'w', 0o600);
    await written.writeFile(keyRingText(ring));
    await written.sync();
    await written.close();
    await rename(`${path}.next`, path);
    const folder = await open(dirname(path), 'r');
    await folder.sync();
    await folder.close();
    await this.#readAgain();
  }
}

function markOf({ mtimeMs, ino, size }: { mtimeMs: number; ino: number; size: number }): string {
  return `${mtimeMs} ${ino} ${size}`;
}

/** `k1`, `k2`, …: the number after the highest one. */
function nextKeyId({ keys }: KeyRing): string {
  const numbers = [...keys.keys()].map((keyId) => Number(/^k(\d+)$/.exec(keyId)?.[1] ?? 0));
  return `k${Math.max(0, ...numbers) + 1}`;
}
