import { describe, expect, it } from '@jest/globals';
import { readEnv } from './env.ts';

describe('readEnv', () => {
  it('listens on loopback, port 7071, unless told otherwise', () => {
    expect(readEnv({})).toEqual({ host: '127.0.0.1', port: 7071 });
    expect(readEnv({ CONSOLE_HOST: '0.0.0.0', CONSOLE_PORT: '8080' })).toEqual({ host: '0.0.0.0', port: 8080 });
  });

  it('names every variable at fault at once', () => {
    expect(() => readEnv({ CONSOLE_HOST: '', CONSOLE_PORT: 'http' })).toThrow(
      'The environment of the console is wrong:\n  CONSOLE_HOST is empty\n  CONSOLE_PORT is not a port number',
    );
  });

  it.each(['', '65536', '-1', '70.5'])('refuses %p as a port', (port) => {
    expect(() => readEnv({ CONSOLE_PORT: port })).toThrow('CONSOLE_PORT is');
  });
});
