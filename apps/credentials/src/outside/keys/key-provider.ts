/** A data key as it is stored; `iv` and `tag` are empty where the provider keeps them inside `ciphertext`. */
export interface Sealed {
  iv: Buffer;
  tag: Buffer;
  ciphertext: Buffer;
}

/** Why a stored secret cannot be read: its key is gone, or the row is not what was sealed. */
export type Unreadable = 'key_lost' | 'tampered';

/**
 * Where the keys are that wrap data keys. A key id names its provider and is authenticated with what it wraps. `wrap` and `unwrap` reject
 * when the provider cannot be reached, which says nothing about the row.
 */
export interface KeyProvider {
  /** Id of the key that new data keys are wrapped with, as it is at this moment. */
  currentKeyId(): Promise<string>;
  /** Whether a key id is one of this provider's. */
  owns(keyId: string): boolean;
  wrap(keyId: string, dataKey: Buffer, authenticated: Buffer): Promise<Sealed>;
  unwrap(keyId: string, wrapped: Sealed, authenticated: Buffer): Promise<Buffer | Unreadable>;
  /** Makes a new key the current one and returns its id. */
  makeNewKey(): Promise<string>;
}

export const KEY_PROVIDER = Symbol('key provider');
