import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sealFor } from '@patchbay/service-kit/messaging/sealed';
import type { KeyProvider } from './keys/key-provider.ts';
import { LocalKeyRing } from './keys/local-key-ring.ts';
import { SecretTickets } from './secret-tickets.ts';

const ring = LocalKeyRing.fromText(JSON.stringify({ primary: 'k1', keys: { k1: randomBytes(32).toString('base64') } }));
const tickets = new SecretTickets(ring);
const secret = { secret: 'sk_live_0123456789' };
const problemOf = (path: string, problem: string) => ({ code: 'invalid_arguments', details: { fields: [{ path, problem: expect.stringContaining(problem) }] } });

describe('a secret on its way in', () => {
  it('is read by any process that has the keys', async () => {
    const { ticket, publicKey } = await tickets.issue();

    expect(await new SecretTickets(ring).read({ sealed: { ticket, text: await sealFor(publicKey, secret) } })).toEqual(secret);
  });

  it('costs one question to the keys for each ticket, however often something is sealed for it', async () => {
    let asked = 0;
    const counted: KeyProvider = {
      currentKeyId: () => ring.currentKeyId(),
      owns: (keyId) => ring.owns(keyId),
      wrap: (...what) => ring.wrap(...what),
      unwrap: (...what) => ring.unwrap(...what).finally(() => (asked += 1)),
      makeNewKey: () => ring.makeNewKey(),
    };
    const { ticket, publicKey } = await tickets.issue();
    const reader = new SecretTickets(counted);

    for (const text of [await sealFor(publicKey, secret), await sealFor(publicKey, secret)]) await reader.read({ sealed: { ticket, text } });

    expect(asked).toBe(1);
  });

  it('is read as it is when nobody sealed it', async () => {
    expect(await tickets.read({ headers: { 'x-key': 'value' } })).toEqual({ headers: { 'x-key': 'value' } });
  });

  it('is refused when it was sealed for another ticket', async () => {
    const [one, other] = [await tickets.issue(), await tickets.issue()];
    const text = await sealFor(other.publicKey, secret);

    await expect(tickets.read({ sealed: { ticket: one.ticket, text } })).rejects.toMatchObject(problemOf('sealed.text', 'not sealed for the key'));
  });

  it('is refused when its ticket was made to last longer', async () => {
    const { ticket, publicKey } = await tickets.issue();
    const [expiresAt, ...rest] = ticket.split('~');
    const later = [String(Number(expiresAt) + 3_600_000), ...rest].join('~');
    const text = await sealFor(publicKey, secret);

    await expect(tickets.read({ sealed: { ticket: later, text } })).rejects.toMatchObject(problemOf('sealed.ticket', 'not a ticket'));
  });

  it('is refused when its ticket is old', async () => {
    const { ticket, publicKey } = await tickets.issue();
    const [, ...rest] = ticket.split('~');
    const text = await sealFor(publicKey, secret);

    await expect(tickets.read({ sealed: { ticket: ['1000', ...rest].join('~'), text } })).rejects.toMatchObject(problemOf('sealed.ticket', 'more than a minute old'));
  });

  it.each(['', 'nonsense', '1~2~3'])('is refused with the ticket %j', async (ticket) => {
    const { publicKey } = await tickets.issue();
    const text = await sealFor(publicKey, secret);

    await expect(tickets.read({ sealed: { ticket, text } })).rejects.toMatchObject(problemOf('sealed.ticket', 'not a ticket'));
  });

  it('has nothing of the private key in its ticket', async () => {
    const { ticket } = await tickets.issue();

    expect(ticket).not.toContain('"d"');
    expect(ticket.split('~').map((part) => Buffer.from(part, 'base64url').toString()).join('')).not.toContain('crv');
  });
});
