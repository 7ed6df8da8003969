import { decode, parseCreds, type User } from '@nats-io/jwt';
import { createAccount, fromSeed } from '@nats-io/nkeys';
import { describe, expect, it } from '@jest/globals';
import { edgePermissions } from '@patchbay/contracts/edge';
import { Secret } from '@patchbay/service-kit/config/secret';
import { EdgeMinter } from './edge-minter.ts';

const identity = { organizationId: 'org_a', edgeId: 'edge_1', name: 'Front desk', expiresAt: null };
const signer = createAccount();
const signingSeed = new Secret(new TextDecoder().decode(signer.getSeed()));

const mint = (account?: string, expiresAt: Date | null = null) =>
  new EdgeMinter({ natsUrl: 'nats://nats.example:4222', signingSeed, account }).mint({ ...identity, expiresAt });
const claimsOf = async (credentials: string) =>
  decode<User>((await parseCreds(new TextEncoder().encode(credentials))).jwt);

describe('a minted edge', () => {
  it('may publish and subscribe exactly what the edge contract says', async () => {
    const minted = await mint();
    const { name, nats } = await claimsOf(minted.credentials);
    const { publish, subscribe } = edgePermissions('org_a', 'edge_1');

    expect(name).toBe('Front desk');
    expect(nats).toMatchObject({ pub: { allow: publish }, sub: { allow: subscribe }, payload: 4_194_304, subs: 1000 });
    expect(minted.permissions).toEqual({ publish, subscribe });
    expect(minted.natsUrl).toBe('nats://nats.example:4222');
  });

  it("is signed by the account itself when the seed is the account's", async () => {
    const { iss, nats } = await claimsOf((await mint()).credentials);

    expect(iss).toBe(signer.getPublicKey());
    expect(nats.issuer_account).toBeUndefined();
  });

  it('names its account when the seed is a signing key', async () => {
    const account = createAccount().getPublicKey();

    const { iss, nats } = await claimsOf((await mint(account)).credentials);

    expect(iss).toBe(signer.getPublicKey());
    expect(nats.issuer_account).toBe(account);
  });

  it('ends when it is told to, and never otherwise', async () => {
    const expiresAt = new Date('2027-01-01T00:00:00.000Z');

    expect((await claimsOf((await mint(undefined, expiresAt)).credentials)).exp).toBe(expiresAt.getTime() / 1000);
    expect((await claimsOf((await mint(createAccount().getPublicKey(), expiresAt)).credentials)).exp).toBe(expiresAt.getTime() / 1000);
    expect((await claimsOf((await mint()).credentials)).exp).toBeUndefined();
  });

  it('carries the seed of the public key that is kept of it', async () => {
    const minted = await mint();
    const { key } = await parseCreds(new TextEncoder().encode(minted.credentials));

    expect(fromSeed(new TextEncoder().encode(key)).getPublicKey()).toBe(minted.publicKey);
    expect((await claimsOf(minted.credentials)).sub).toBe(minted.publicKey);
  });
});
