import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { signedHeaders } from './sign.ts';

function newSecret(bytes = 32): string {
  return `whsec_${randomBytes(bytes).toString('base64')}`;
}

describe('signedHeaders', () => {
  const message = { id: 'inv_01', timestamp: new Date(), body: '{"orderId":"12345","name":"Zoë"}' };

  it('is accepted by a Standard Webhooks receiver', () => {
    const secret = newSecret();

    const headers = signedHeaders({ ...message, secrets: [secret] });

    expect(new Webhook(secret).verify(message.body, { ...headers })).toEqual(JSON.parse(message.body));
  });

  it('is accepted with either secret while two are active', () => {
    const secrets = [newSecret(24), newSecret(64)];

    const headers = signedHeaders({ ...message, secrets });

    for (const secret of secrets) expect(() => new Webhook(secret).verify(message.body, { ...headers })).not.toThrow();
    expect(() => new Webhook(newSecret()).verify(message.body, { ...headers })).toThrow('No matching signature');
  });

  it('is refused once a byte of the body has changed', () => {
    const secret = newSecret();

    const headers = signedHeaders({ ...message, secrets: [secret] });

    expect(() => new Webhook(secret).verify(`${message.body} `, { ...headers })).toThrow('No matching signature');
  });

  it('carries the id and the time of the attempt in seconds', () => {
    const headers = signedHeaders({ ...message, timestamp: new Date(1_700_000_000_999), secrets: [newSecret()] });

    expect(headers).toMatchObject({ 'webhook-id': 'inv_01', 'webhook-timestamp': '1700000000' });
  });

  it.each(['', 'inv.1', 'inv 1', 'inv\r\nx: y'])('refuses the id %j', (id) => {
    expect(() => signedHeaders({ ...message, id, secrets: [newSecret()] })).toThrow(RangeError);
  });

  it.each([[[]], [[newSecret(), newSecret(), newSecret()]]])(
    'refuses another number of secrets than one or two',
    (secrets) => {
      expect(() => signedHeaders({ ...message, secrets })).toThrow('one or two secrets');
    },
  );

  it.each([
    ['too short', newSecret(23)],
    ['too long', newSecret(65)],
    ['without prefix', newSecret().slice(6)],
    ['not base64', `whsec_${'*'.repeat(40)}`],
  ])('refuses a secret that is %s and does not repeat it', (_name, secret) => {
    const attempt = (): unknown => signedHeaders({ ...message, secrets: [secret] });

    expect(attempt).toThrow('24 to 64 bytes');
    expect(attempt).not.toThrow(secret);
  });
});
