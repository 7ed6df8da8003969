import ipaddr from 'ipaddr.js';

type Network = ReturnType<typeof ipaddr.parseCIDR>;

// IANA has given out only 2000::/3 as global unicast. ipaddr.js 2.5.0 calls everything unassigned `unicast`, and with it
// the IPv4-compatible form [::7f00:1].
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

// Public by number, private in fact: Azure's platform endpoint, which hands out machine credentials.
const AZURE_PLATFORM = ipaddr.parseCIDR('168.63.129.16/32');

// What APIs use. Every other port is somebody's mail, database or console.
const PUBLIC_PORTS = [443, 8443];

export interface AddressGuard {
  /**
   * Whether a connection to this address may be opened. `https:` reaches public unicast addresses at the public ports, and the operator's
   * networks at any; any other protocol only the operator's networks. What is not an address is never allowed.
   * @param port 443 unless given
   */
  allows(address: string, protocol: string, port?: number): boolean;
}

/**
 * Decides which addresses may be connected to.
 * @param allowNetworks private networks in CIDR notation (`10.20.0.0/16`, `fd00::/8`) that are allowed nevertheless. From the
 *   operator's configuration only, never from an organization. Throws an Error that names the entry which is not a network.
 * @param publicPorts ports of public addresses that are allowed. Default 443 and 8443.
 */
export function createAddressGuard({
  allowNetworks,
  publicPorts = PUBLIC_PORTS,
}: {
  allowNetworks: string[];
  publicPorts?: number[];
}): AddressGuard {
  const allowed = allowNetworks.map(parseNetwork);
  return {
    allows(address, protocol, port = 443) {
      if (!ipaddr.isValid(address)) return false;
      const parsed = ipaddr.process(address);
      if (allowed.some((network) => contains(network, parsed))) return true;
      return protocol === 'https:' && publicPorts.includes(port) && isPublic(parsed);
    },
  };
}

function parseNetwork(text: string): Network {
  if (!ipaddr.isValidCIDR(text)) {
    throw new Error(`"${text}" is not a network; write an address and a prefix length, for example 10.20.0.0/16`);
  }
  return ipaddr.parseCIDR(text);
}

function contains(network: Network, address: Network[0]): boolean {
  return network[0].kind() === address.kind() && address.match(network);
}

function isPublic(address: Network[0]): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv6' ? contains(GLOBAL_IPV6, address) : !contains(AZURE_PLATFORM, address);
}
