import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  commonEnv,
  databaseEnv,
  EnvironmentError,
  envExample,
  flag,
  list,
  listenEnv,
  loadEnv,
  port,
  secret,
} from './env.ts';
import { Secret } from './secret.ts';

const Env = z.object({
  ...databaseEnv,
  ...listenEnv('tiny', 7000),
  TINY_TIMEOUT_MS: z.coerce.number().int().min(100).default(500).describe('How long to wait.'),
  TINY_KEY: secret().describe('The key of the tiny service.'),
});

const faultsOf = (source: NodeJS.ProcessEnv): string => {
  try {
    loadEnv('tiny', Env, source);
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    return (error as Error).message;
  }
  throw new Error('the environment was accepted');
};

describe('loadEnv', () => {
  it('reads values, fills in defaults and ignores what it does not know', () => {
    const env = loadEnv('tiny', Env, {
      DATABASE_URL: 'postgresql://db/tiny',
      TINY_KEY: 'k',
      TINY_PORT: '8080',
      HOME: '/home',
    });

    expect(env).toMatchObject({
      DATABASE_POOL_SIZE: 10,
      TINY_HOST: '127.0.0.1',
      TINY_PORT: 8080,
      TINY_TIMEOUT_MS: 500,
    });
    expect(env.TINY_KEY.reveal()).toBe('k');
    expect(env).not.toHaveProperty('HOME');
  });

  it('says all faults at once, in words and by name', () => {
    const message = faultsOf({ TINY_PORT: '99999', TINY_TIMEOUT_MS: 'soon', DATABASE_POOL_SIZE: '0' });

    expect(message.split('\n')).toEqual([
      'tiny cannot start, its environment is wrong:',
      '  - DATABASE_URL is missing: The PostgreSQL database of this service, as its own role.',
      expect.stringMatching(/^ {2}- DATABASE_POOL_SIZE: .*>=1/),
      expect.stringMatching(/^ {2}- TINY_PORT: .*<=65535/),
      expect.stringMatching(/^ {2}- TINY_TIMEOUT_MS: .*number/),
      '  - TINY_KEY is missing: The key of the tiny service.',
    ]);
  });

  it('takes an empty value for an absent one', () => {
    const env = loadEnv('tiny', Env, {
      DATABASE_URL: 'postgresql://db/tiny',
      TINY_KEY: 'k',
      TINY_PORT: '',
      TINY_HOST: '',
    });

    expect(env).toMatchObject({ TINY_PORT: 7000, TINY_HOST: '127.0.0.1' });
    expect(faultsOf({ DATABASE_URL: '', TINY_KEY: 'k' })).toContain('DATABASE_URL is missing');
  });

  it('repeats no value in a fault', () => {
    const Narrow = z.object({
      TINY_KEY: z
        .string()
        .max(3)
        .transform((value) => new Secret(value)),
    });

    expect(() => loadEnv('tiny', Narrow, { TINY_KEY: 'hunter2' })).toThrow(expect.not.stringContaining('hunter2'));
  });

  it('gives what nobody can change afterwards', () => {
    const env = loadEnv('tiny', Env, { DATABASE_URL: 'postgresql://db/tiny', TINY_KEY: 'k' });

    expect(Object.isFrozen(env)).toBe(true);
  });
});

describe('kinds of values', () => {
  it.each([
    ['true', true],
    ['false', false],
  ])('a flag is %s', (text, value) => {
    expect(flag().parse(text)).toBe(value);
  });

  it.each(['TRUE', '1', 'yes', ''])('a flag is not %p', (text) => {
    expect(flag().safeParse(text).success).toBe(false);
  });

  it.each(['-1', '65536', '80.5', 'http'])('a port is not %s', (text) => {
    expect(port().safeParse(text).success).toBe(false);
  });

  it('a list is separated by commas, without blanks and empty items', () => {
    expect(list().parse(' a, b,,c ')).toEqual(['a', 'b', 'c']);
  });

  it('where NATS listens has a default, and a wrong log level is refused', () => {
    const Common = z.object(commonEnv);

    expect(Common.parse({})).toMatchObject({ NATS_URL: 'nats://127.0.0.1:4222', LOG_LEVEL: 'info' });
    expect(Common.safeParse({ LOG_LEVEL: 'loud' }).success).toBe(false);
  });
});

describe('envExample', () => {
  it('has a sentence and a line for each variable; what is not required is commented out', () => {
    expect(envExample(Env).split('\n')).toEqual([
      '# The PostgreSQL database of this service, as its own role. Required.',
      'DATABASE_URL=',
      '# The same database as the role that owns its tables and migrates them; DATABASE_URL when absent.',
      '# DATABASE_MIGRATION_URL=',
      '# Connections this process may hold.',
      '# DATABASE_POOL_SIZE=10',
      '# Address to bind to.',
      '# TINY_HOST=127.0.0.1',
      '# Port of health and readiness.',
      '# TINY_PORT=7000',
      '# How long to wait.',
      '# TINY_TIMEOUT_MS=500',
      '# The key of the tiny service. Required.',
      'TINY_KEY=',
      '',
    ]);
  });

  it('never shows a secret', () => {
    const Defaulted = z.object({ TINY_KEY: secret().default(new Secret('hunter2')).describe('A key.') });

    expect(envExample(Defaulted)).not.toContain('hunter2');
  });
});
