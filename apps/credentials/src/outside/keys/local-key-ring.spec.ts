import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSecret, sealSecret, type SecretOwner } from './envelope.ts';
import { LocalKeyRing } from './local-key-ring.ts';

const owner: SecretOwner = { organizationId: 'org_a', connectionId: 'conn_1', purpose: 'secret', version: 1 };
const k1 = randomBytes(32).toString('base64');
const k2 = randomBytes(32).toString('base64');
const textOf = (primary: string, keys: Record<string, string>) => JSON.stringify({ primary, keys });
const ring = (primary: string, keys: Record<string, string>) => LocalKeyRing.fromText(textOf(primary, keys));

describe('a key ring', () => {
  it('seals under its primary key and opens again', async () => {
    const envelope = await sealSecret(owner, 'secret', ring('k2', { k1, k2 }));

    expect(envelope.keyId).toBe('k2');
    expect(await openSecret(owner, envelope, ring('k2', { k1, k2 }))).toEqual({ secret: 'secret' });
  });

  it('opens what an earlier primary key sealed', async () => {
    const envelope = await sealSecret(owner, 'secret', ring('k1', { k1 }));

    expect(await openSecret(owner, envelope, ring('k2', { k1, k2 }))).toEqual({ secret: 'secret' });
  });

  it('says that the key is lost when it is not on the ring', async () => {
    const envelope = await sealSecret(owner, 'secret', ring('k1', { k1 }));

    expect(await openSecret(owner, envelope, ring('k2', { k2 }))).toEqual({ unreadable: 'key_lost' });
  });

  it('prints none of its keys', () => {
    const printed = inspect(ring('k1', { k1 }), { depth: null, showHidden: true }) + JSON.stringify(ring('k1', { k1 }));

    expect(printed).not.toContain(k1);
  });

  it.each([
    ['not JSON', k1, 'is not a key ring'],
    ['an array', '[]', 'is not a key ring'],
    ['without keys', '{"primary":"k1"}', 'is not a key ring'],
    ['with a key that is not base64', '{"primary":"k1","keys":{"k1":"%%%"}}', 'is not a key ring'],
    ['with a key id of strange characters', textOf('k|1', { 'k|1': k1 }), 'is not a key ring'],
    ["with a key id that is another provider's", textOf('vault:x', { 'vault:x': k1 }), 'is not a key ring'],
    ['without its primary key', textOf('k2', { k1 }), 'the primary key k2 is not among the keys'],
    ['with a short key', textOf('k1', { k1: 'c2hvcnQ=' }), 'the key k1 has 5 bytes; it must be the base64 of 32 random bytes'],
  ])('refuses a text that is %s, in words', (_what, text, words) => {
    expect(() => LocalKeyRing.fromText(text)).toThrow(words);
  });

  it('repeats nothing of a text that it refuses', () => {
    expect(() => LocalKeyRing.fromText(`{"primary":"k1","keys":{"k1":"${k1}"`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(k1) }),
    );
  });

  it('makes no new key when it came in a variable, and says what to do', async () => {
    await expect(ring('k1', { k1 }).makeNewKey()).rejects.toThrow('CREDENTIALS_KEYRING_FILE');
  });
});

describe('a key ring in a file', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-keys-'));
    file = join(folder, 'keyring.json');
    writeFileSync(file, textOf('k1', { k1 }));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('gets a new primary key beside the old ones, readable by its owner only', async () => {
    expect(await LocalKeyRing.fromFile(file).makeNewKey()).toBe('k2');

    const written = JSON.parse(readFileSync(file, 'utf8')) as { primary: string; keys: Record<string, string> };
    expect(written.primary).toBe('k2');
    expect(written.keys).toEqual({ k1, k2: expect.any(String) });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is read again by a process that runs: its next secret is sealed under the new key', async () => {
    const running = LocalKeyRing.fromFile(file);
    const before = await sealSecret(owner, 'old', running);
    await LocalKeyRing.fromFile(file).makeNewKey();

    expect((await sealSecret(owner, 'new', running)).keyId).toBe('k2');
    expect(await openSecret(owner, before, running)).toEqual({ secret: 'old' });
  });

  it('is read again when a secret names a key that is not known yet', async () => {
    const running = LocalKeyRing.fromFile(file);
    const elsewhere = LocalKeyRing.fromFile(file);
    await elsewhere.makeNewKey();
    const envelope = await sealSecret(owner, 'secret', elsewhere);

    expect(await openSecret(owner, envelope, running)).toEqual({ secret: 'secret' });
  });

  it('forgets an old key, never the primary one', async () => {
    const keys = LocalKeyRing.fromFile(file);
    await keys.makeNewKey();

    await expect(keys.forget('k2')).rejects.toThrow('k2 is the primary key');
    await keys.forget('k1');

    expect(Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { keys: object }).keys)).toEqual(['k2']);
  });
});
