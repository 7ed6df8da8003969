import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { readFile } from 'node:fs/promises';
import { Inject } from '@nestjs/common';
import { followConnection } from './connection-state.ts';

const NATS = Symbol('nats');
/** Injects the one NATS connection of the process. */
export const Nats = () => Inject(NATS);
export { NATS };

/**
 * Connects and keeps reconnecting for ever. Pings are short because a silent partition must be noticed within seconds:
 * the library's default of minutes would outlast a call.
 */
export async function connectNats(options: {
  name: string;
  urls: string;
  credentialsFile?: string;
}): Promise<NatsConnection> {
  const authenticator = options.credentialsFile
    ? credsAuthenticator(await readFile(options.credentialsFile))
    : undefined;
  const nats = await connect({
    name: options.name,
    servers: options.urls.split(','),
    inboxPrefix: `_INBOX_${options.name}`,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 100,
    pingInterval: 5_000,
    maxPingOut: 2,
    ...(authenticator ? { authenticator } : {}),
  });
  followConnection(nats);
  return nats;
}
