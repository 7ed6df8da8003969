import { connect, credsAuthenticator, PermissionViolationError, type NatsConnection } from '@nats-io/transport-node';
import { serviceInbox } from '@patchbay/contracts/service-permissions';
import { readFile } from 'node:fs/promises';
import { Inject } from '@nestjs/common';
import type { Logger } from 'pino';
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
  logger: Logger;
}): Promise<NatsConnection> {
  const authenticator = options.credentialsFile
    ? credsAuthenticator(await readFile(options.credentialsFile))
    : undefined;
  const nats = await connect({
    name: options.name,
    servers: options.urls.split(','),
    inboxPrefix: serviceInbox(options.name),
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 100,
    pingInterval: 5_000,
    maxPingOut: 2,
    ...(authenticator ? { authenticator } : {}),
  });
  followConnection(nats);
  void tellViolations(nats, options.logger);
  return nats;
}

/** A message that the server refuses is lost without a word to whoever sent it: only the log shows that a permission is missing. */
async function tellViolations(nats: NatsConnection, logger: Logger): Promise<void> {
  for await (const status of nats.status()) {
    if (status.type !== 'error' || !(status.error instanceof PermissionViolationError)) continue;
    const { operation, subject, queue } = status.error;
    logger.error({ operation, subject, queue }, 'the NATS server refused it: this service has no permission for that subject');
  }
}
