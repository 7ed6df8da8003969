import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { Canaries } from './canaries.ts';
import { neverReceived } from './suite-proof.ts';

const SIGNING = `whsec_${Buffer.from('a key of thirty-two bytes, for it').toString('base64')}`;

let folder: string;
let canaries: Canaries;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-proof-'));
  mkdirSync(join(folder, 'received'));
});

beforeEach(() => {
  canaries = new Canaries();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fakesReceived(...requests: { path?: string; headers?: object; body?: string }[]): void {
  writeFileSync(join(folder, 'received', 'a-fake'), requests.map((request) => `${JSON.stringify({ path: '/', headers: {}, body: '', ...request })}\n`).join(''));
}

describe('a secret of the tests counts as used', () => {
  it('when a fake received it in a header, a form, or as a password that is encoded twice', () => {
    const [bearer, form, password] = ['bearer', 'form', 'password'].map((kind) => canaries.make(kind, 'secret')) as [string, string, string];
    fakesReceived(
      { headers: { authorization: `Bearer ${bearer}` } },
      { body: new URLSearchParams({ client_secret: form }).toString() },
      { headers: { authorization: `Basic ${Buffer.from(`us:${encodeURIComponent(password)}`).toString('base64')}` } },
    );

    expect(neverReceived(canaries, folder, false)).toEqual([]);
  });

  it('when a request was signed with it, however long ago', () => {
    canaries.add('signing', 'secret', SIGNING);
    const at = new Date('2020-01-01T00:00:00Z');
    const signature = `v1,other ${new Webhook(SIGNING).sign('dlv_1', at, '{}')}`;
    fakesReceived({ headers: { 'webhook-id': 'dlv_1', 'webhook-timestamp': String(at.getTime() / 1000), 'webhook-signature': signature }, body: '{}' });

    expect(neverReceived(canaries, folder, false)).toEqual([]);
  });

  it('when one of its kind was, of those that were made in the run', () => {
    const [first] = [canaries.makeToken('token', 'made in the run'), canaries.makeToken('token', 'made in the run')];
    fakesReceived({ body: first! });

    expect(neverReceived(canaries, folder, false)).toEqual([]);
  });

  it('however often the fakes received others before', () => {
    const [often, late] = [canaries.make('often', 'secret'), canaries.make('late', 'secret')];
    fakesReceived(...Array.from({ length: 3_000 }, () => ({ body: often })), { body: late });

    expect(neverReceived(canaries, folder, false)).toEqual([]);
  });

  it('in no other case, and not even then when some packages ran alone and none of them used one', () => {
    canaries.make('bearer', 'secret');
    canaries.add('signing', 'secret', SIGNING);
    fakesReceived({ headers: { authorization: 'Bearer another' } });

    expect(neverReceived(canaries, folder, false)).toEqual(['no fake received the known secret "bearer"', 'no fake received the known secret "signing"']);
    expect(neverReceived(canaries, folder, true)).toEqual(['no fake received any known secret']);
  });
});
