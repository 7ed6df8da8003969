import { type Socket, connect as connectPlain, isIP } from 'node:net';
import { type TLSSocket, connect as connectTls } from 'node:tls';
import type { buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.ts';
import { type CheckedLookup, addressRefused } from './checked-lookup.ts';
import { SendFailure, errorCodeOf } from './send-failure.ts';

/** The latest opening of one connection; times are `performance.now()`. */
export interface ConnectionLog {
  openings: number;
  dnsAt: number | undefined;
  connectAt: number | undefined;
  tlsAt: number | undefined;
  peerAddress: string | undefined;
}

export interface SocketRules {
  guard: AddressGuard;
  lookup: CheckedLookup;
  /** Bounds DNS, TCP and TLS together. */
  connectTimeoutMs: number;
  /** Certificate authorities in PEM that replace the system's. */
  ca?: string[];
}

export function newConnectionLog(): ConnectionLog {
  return { openings: 0, dnsAt: undefined, connectAt: undefined, tlsAt: undefined, peerAddress: undefined };
}

/**
 * Opens the sockets of one origin, to checked addresses only. It stands in for undici's own connector, which gives no hand on
 * the socket while it connects (timings, a timeout exact to the millisecond, one lookup per protocol).
 */
export class SocketOpener {
  private tlsSession: Buffer | undefined;

  constructor(private readonly rules: SocketRules) {}

  open(target: buildConnector.Options, log: ConnectionLog, callback: buildConnector.Callback): void {
    log.openings++;
    log.dnsAt = log.connectAt = log.tlsAt = log.peerAddress = undefined;
    // Node does not call `lookup` for an IP literal, so that it must be checked here.
    if (isIP(target.hostname) !== 0 && !this.rules.guard.allows(target.hostname, target.protocol, portOf(target))) {
      process.nextTick(callback, addressRefused(target.hostname), null);
      return;
    }
    const secure = target.protocol === 'https:';
    const socket = secure ? this.openTls(target) : this.openPlain(target);
    const timer = setTimeout(endLateOpening, this.rules.connectTimeoutMs, socket, target, this.rules.connectTimeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      callback(openingFailure(error, target, secure && log.connectAt !== undefined), null);
    };
    const succeed = (): void => {
      clearTimeout(timer);
      this.handOver(socket, target, callback);
      socket.off('error', fail);
    };
    socket.once('error', fail);
    followOpening(socket, log);
    socket.once(secure ? 'secureConnect' : 'connect', succeed);
  }

  private handOver(socket: Socket, target: buildConnector.Options, callback: buildConnector.Callback): void {
    const { remoteAddress } = socket;
    if (remoteAddress !== undefined && this.rules.guard.allows(remoteAddress, target.protocol, portOf(target))) {
      callback(null, socket);
      return;
    }
    socket.destroy();
    // Reset since it was opened: it leads to no address any more, and nothing is wrong with the one that was checked before.
    callback(remoteAddress === undefined ? connectionGone(target) : addressRefused(target.hostname), null);
  }

  private openPlain(target: buildConnector.Options): Socket {
    return connectPlain(this.socketOptions(target));
  }

  private openTls(target: buildConnector.Options): TLSSocket {
    const { hostname } = target;
    const socket = connectTls({
      ...this.socketOptions(target),
      // Without a name (an IP literal) Node checks the certificate against the address.
      servername: isIP(hostname) === 0 ? hostname : undefined,
      ALPNProtocols: ['http/1.1'],
      session: this.tlsSession,
      ca: this.rules.ca,
    });
    socket.on('session', (session) => {
      this.tlsSession = session;
    });
    return socket;
  }

  private socketOptions(target: buildConnector.Options) {
    const port = portOf(target);
    return {
      host: target.hostname,
      port,
      lookup: this.rules.lookup.forTarget(target.protocol, port),
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
      autoSelectFamily: true,
    };
  }
}

function portOf({ port, protocol }: buildConnector.Options): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

function followOpening(socket: Socket, log: ConnectionLog): void {
  socket.once('lookup', () => {
    log.dnsAt = performance.now();
  });
  socket.once('connect', () => {
    log.connectAt = performance.now();
    log.peerAddress = socket.remoteAddress;
  });
  socket.once('secureConnect', () => {
    log.tlsAt = performance.now();
  });
}

function endLateOpening(socket: Socket, { hostname }: buildConnector.Options, connectTimeoutMs: number): void {
  socket.destroy(new SendFailure('connect_failed', `no connection to ${hostname} within ${connectTimeoutMs} ms`));
}

function connectionGone({ hostname }: buildConnector.Options): SendFailure {
  return new SendFailure('connect_failed', `the connection to ${hostname} was gone as soon as it was open`);
}

function openingFailure(error: Error, { hostname }: buildConnector.Options, duringTls: boolean): SendFailure {
  if (error instanceof SendFailure) return error;
  const [code, step] = duringTls
    ? (['tls_failed', 'the TLS handshake with'] as const)
    : (['connect_failed', 'connecting to'] as const);
  return new SendFailure(code, `${step} ${hostname} failed (${errorCodeOf(error)})`, { cause: error });
}
