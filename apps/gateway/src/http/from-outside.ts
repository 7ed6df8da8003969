import { ServiceError } from '@patchbay/contracts/errors';
import type { FastifyRequest } from 'fastify';
import { BlockList, isIP } from 'node:net';

/** What a reverse proxy adds for whom it asks. Source: RFC 7239 and the names in use before it. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** Loopback, private networks (RFC 1918, RFC 4193) and the one between carriers and customers (RFC 6598), which clusters use. */
const INSIDE = new BlockList();
INSIDE.addSubnet('127.0.0.0', 8, 'ipv4');
INSIDE.addSubnet('10.0.0.0', 8, 'ipv4');
INSIDE.addSubnet('172.16.0.0', 12, 'ipv4');
INSIDE.addSubnet('192.168.0.0', 16, 'ipv4');
INSIDE.addSubnet('100.64.0.0', 10, 'ipv4');
INSIDE.addAddress('::1', 'ipv6');
INSIDE.addSubnet('fc00::', 7, 'ipv6');

/**
 * For what is only for who runs the platform: throws `not_found` unless the request comes straight from a neighbour. The gateway is the one
 * service that the world reaches; a proxy that says nothing of whom it asks for must keep such routes to itself.
 */
export function refuseFromOutside({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): void {
  const isForwarded = FORWARDED.some((name) => headers[name] !== undefined);
  if (!isForwarded && isInside(socket.remoteAddress ?? '')) return;
  throw new ServiceError('not_found', 'There is no such route; see /openapi.json.');
}

function isInside(address: string): boolean {
  const version = isIP(address);
  // An IPv4 address as a socket for both versions shows it (`::ffff:10.0.0.1`) is checked as what it is.
  return version !== 0 && INSIDE.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
