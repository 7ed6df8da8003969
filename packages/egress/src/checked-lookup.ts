import type { LookupAddress } from 'node:dns';
import { lookup as resolveBySystem } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import type { AddressGuard } from './address-guard.ts';
import { SendFailure, errorCodeOf } from './send-failure.ts';

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

export interface LookupRules {
  guard: AddressGuard;
  resolve?: Resolve;
  dnsTimeoutMs: number;
  /** How long an answer is used again, so that a burst of new connections asks once. 0 asks every time. */
  dnsCacheMs: number;
}

interface KnownName {
  addresses: Promise<LookupAddress[]>;
  freshUntil: number;
}

const MAX_KNOWN_NAMES = 1_000;

/** A resolver for sockets that hands out addresses only if every one of the name's addresses is allowed. */
export class CheckedLookup {
  private readonly known = new Map<string, KnownName>();

  constructor(private readonly rules: LookupRules) {}

  /** The `lookup` option of one socket. Node calls it once per socket and connects to nothing but what it answers. */
  forTarget(protocol: string, port: number): LookupFunction {
    return (hostname, options, callback) => {
      this.findAllowed(hostname, protocol, port).then(
        (addresses) => {
          const [first] = addresses;
          if (options.all) callback(null, addresses);
          else callback(null, first.address, first.family);
        },
        (failure: Error) => callback(failure, ''),
      );
    };
  }

  private async findAllowed(
    hostname: string,
    protocol: string,
    port: number,
  ): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...others] = await this.find(hostname);
    if (first === undefined) throw new SendFailure('dns_failed', `${hostname} has no address`);
    const addresses: [LookupAddress, ...LookupAddress[]] = [first, ...others];
    // One private address among public ones is how a rebinding name begins: all or none.
    if (!addresses.every(({ address }) => this.rules.guard.allows(address, protocol, port)))
      throw addressRefused(hostname);
    return addresses;
  }

  private find(hostname: string): Promise<LookupAddress[]> {
    const now = performance.now();
    const found = this.known.get(hostname);
    if (found !== undefined && found.freshUntil > now) return found.addresses;
    const addresses = this.ask(hostname);
    const entry = { addresses, freshUntil: now + this.rules.dnsCacheMs };
    this.known.delete(hostname);
    if (this.known.size >= MAX_KNOWN_NAMES) this.known.delete(this.known.keys().next().value as string);
    this.known.set(hostname, entry);
    // A failure is not remembered; the caller of this answer reports it.
    addresses.catch(() => this.known.get(hostname) === entry && this.known.delete(hostname));
    return addresses;
  }

  private async ask(hostname: string): Promise<LookupAddress[]> {
    const { resolve = resolveAll, dnsTimeoutMs } = this.rules;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new SendFailure('dns_failed', `${hostname} was not resolved within ${dnsTimeoutMs} ms`)),
      dnsTimeoutMs,
    );
    try {
      return await Promise.race([resolve(hostname), late.promise]);
    } catch (error) {
      if (error instanceof SendFailure) throw error;
      throw new SendFailure('dns_failed', `${hostname} could not be resolved (${errorCodeOf(error)})`, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The answer for an address that is not allowed. It does not name the address: that would map the inside for a stranger. */
export function addressRefused(hostname: string): SendFailure {
  return new SendFailure(
    'egress_blocked',
    `${hostname} leads to an address or a port that requests may not be sent to`,
  );
}

function resolveAll(hostname: string): Promise<LookupAddress[]> {
  return resolveBySystem(hostname, { all: true });
}
