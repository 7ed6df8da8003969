import { describe, expect, it } from '@jest/globals';
import { createAddressGuard } from './address-guard.ts';

const REFUSED = [
  ['loopback', '127.0.0.1'],
  ['the rest of loopback', '127.255.0.3'],
  ['unspecified', '0.0.0.0'],
  ['unspecified network', '0.1.2.3'],
  ['private 10/8', '10.1.2.3'],
  ['private 172.16/12', '172.31.0.1'],
  ['private 192.168/16', '192.168.1.1'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['link local, cloud metadata', '169.254.169.254'],
  ['protocol assignments', '192.0.0.192'],
  ['benchmarking', '198.18.0.1'],
  ['documentation', '203.0.113.9'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['Azure platform', '168.63.129.16'],
  ['IPv6 loopback', '::1'],
  ['IPv6 unspecified', '::'],
  ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
  ['IPv4-mapped loopback in hex', '::ffff:7f00:1'],
  ['IPv4-compatible loopback', '::127.0.0.1'],
  ['IPv4-compatible loopback in hex', '::7f00:1'],
  ['IPv4-translated loopback', '::ffff:0:127.0.0.1'],
  ['NAT64', '64:ff9b::a9fe:a9fe'],
  ['local NAT64', '64:ff9b:1::a00:1'],
  ['6to4', '2002:7f00:1::'],
  ['Teredo', '2001:0:7f00:1::'],
  ['unique local, cloud metadata', 'fd00:ec2::254'],
  ['site local', 'fec0::1'],
  ['link local', 'fe80::1'],
  ['link local with zone', 'fe80::1%eth0'],
  ['IPv6 multicast', 'ff02::1'],
  ['discard only', '100::1'],
  ['documentation 3fff', '3fff::1'],
  ['segment routing', '5f00::1'],
  ['never assigned', '4000::1'],
  ['not an address', 'example.com'],
  ['nothing', ''],
] as const;

describe('address guard', () => {
  const guard = createAddressGuard({ allowNetworks: [] });

  it.each(REFUSED)('refuses %s (%s)', (_name, address) => {
    expect(guard.allows(address, 'https:')).toBe(false);
    expect(guard.allows(address, 'http:')).toBe(false);
  });

  it.each(['1.1.1.1', '93.184.216.34', '2606:4700::1111', '::ffff:1.1.1.1'])(
    'allows the public address %s over https',
    (address) => {
      expect(guard.allows(address, 'https:')).toBe(true);
    },
  );

  it('refuses a public address over plain http', () => {
    expect(guard.allows('1.1.1.1', 'http:')).toBe(false);
  });

  it("allows the operator's networks over both protocols and nothing beside them", () => {
    const inside = createAddressGuard({ allowNetworks: ['10.20.0.0/16', 'fd00:1::/32'] });

    expect(inside.allows('10.20.3.4', 'https:')).toBe(true);
    expect(inside.allows('::ffff:10.20.3.4', 'http:')).toBe(true);
    expect(inside.allows('fd00:1::5', 'http:')).toBe(true);
    expect(inside.allows('10.21.0.1', 'https:')).toBe(false);
    expect(inside.allows('fd00:2::5', 'https:')).toBe(false);
  });

  it.each([
    [443, true],
    [8443, true],
    [80, false],
    [22, false],
    [9443, false],
  ])('answers for port %i of a public address: %s', (port, allowed) => {
    expect(guard.allows('1.1.1.1', 'https:', port)).toBe(allowed);
    expect(createAddressGuard({ allowNetworks: [], publicPorts: [port] }).allows('1.1.1.1', 'https:', port)).toBe(true);
    expect(createAddressGuard({ allowNetworks: ['1.1.1.0/24'] }).allows('1.1.1.1', 'https:', port)).toBe(true);
  });

  it('names the entry that is no network', () => {
    expect(() => createAddressGuard({ allowNetworks: ['10.0.0.0/8', '10.0.0.1'] })).toThrow(
      '"10.0.0.1" is not a network',
    );
  });
});
