import { randomBytes } from 'node:crypto';
import { createAccount, createUser } from '@nats-io/nkeys';
import { describe, expect, it } from '@jest/globals';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { Env } from './env.ts';

const key = randomBytes(32).toString('base64');
const seed = new TextDecoder().decode(createAccount().getSeed());
const good = {
  DATABASE_URL: 'postgresql://credentials@127.0.0.1/credentials',
  CREDENTIALS_KEYRING: JSON.stringify({ primary: 'k1', keys: { k1: key } }),
  CREDENTIALS_NATS_ACCOUNT_SEED: seed,
};

describe('the environment of credentials', () => {
  it('is complete with a database, a key ring and a signing seed', () => {
    const env = loadEnv('credentials', Env, good);

    expect(env).toMatchObject({ CREDENTIALS_PORT: 7072, CREDENTIALS_HOST: '127.0.0.1' });
    expect(env.CREDENTIALS_FIRST_API_KEY).toBeUndefined();
  });

  it('prints none of its secrets', () => {
    const printed = JSON.stringify(loadEnv('credentials', Env, good));

    for (const secret of [seed, key]) expect(printed).not.toContain(secret.slice(0, 20));
  });

  it('names all faults at once and says what each variable is for', () => {
    const faulty = {
      CREDENTIALS_KEYRING: '{"primary":"k1","keys":{"k1":"c2hvcnQ="}}',
      CREDENTIALS_FIRST_API_KEY: 'letmein',
      CREDENTIALS_NATS_ACCOUNT_SEED: new TextDecoder().decode(createUser().getSeed()),
      CREDENTIALS_NATS_ACCOUNT: 'UAAA',
    };

    expect(() => loadEnv('credentials', Env, faulty)).toThrow(
      [
        'credentials cannot start, its environment is wrong:',
        '  - DATABASE_URL is missing: The PostgreSQL database of this service, as its own role.',
        '  - CREDENTIALS_KEYRING: the key k1 has 5 bytes; it must be the base64 of 32 random bytes',
        '  - CREDENTIALS_FIRST_API_KEY: is not of the form pbk_<16 characters a-z0-9>_<at least 32 characters A-Za-z0-9>',
        '  - CREDENTIALS_NATS_ACCOUNT_SEED: is not the seed of a NATS account key (it begins with SA)',
        '  - CREDENTIALS_NATS_ACCOUNT: is not the public key of a NATS account (it begins with A and has 56 characters)',
      ].join('\n'),
    );
  });
});
