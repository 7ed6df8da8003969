import { describe, expect, it } from '@jest/globals';
import { refuseFromOutside } from './from-outside.ts';

function ask(remoteAddress: string | undefined, headers: Record<string, string> = {}): void {
  refuseFromOutside({ headers, socket: { remoteAddress } } as Parameters<typeof refuseFromOutside>[0]);
}

describe('what is only for who runs the platform', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.1.2.3', '172.18.0.1', '::ffff:172.18.0.1', '192.168.7.7', '100.64.3.2', 'fd12::1'])(
    'is answered to a neighbour at %s',
    (address) => {
      expect(() => ask(address)).not.toThrow();
    },
  );

  it.each(['203.0.113.9', '::ffff:203.0.113.9', '172.32.0.1', '2001:db8::1', 'fe80::1', '', undefined])('is not there for %s', (address) => {
    expect(() => ask(address)).toThrow('There is no such route');
  });

  it.each(['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'])('is not there behind a proxy that sets %s', (name) => {
    expect(() => ask('127.0.0.1', { [name]: '10.0.0.1' })).toThrow('There is no such route');
  });
});
