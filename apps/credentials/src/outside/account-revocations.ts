import { readFile } from 'node:fs/promises';
import { decode, encodeAccount, type Account } from '@nats-io/jwt';
import { fromSeed } from '@nats-io/nkeys';
import { Inject, Injectable } from '@nestjs/common';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { ServiceError } from '@patchbay/contracts/errors';
import { serviceInbox } from '@patchbay/contracts/service-permissions';
import type { Secret } from '@patchbay/service-kit/config/secret';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';

/** The server answers from memory; a leader's election is done by then. */
const ANSWER_TIMEOUT_MS = 5_000;
/** Stands for every user of the account in a list of revocations: it is an operator's, never ours. */
const EVERYBODY = '*';

/** Injects who may change the account's claims; null where the server is told nothing. */
export const NATS_OPERATOR = Symbol('nats operator');

export interface NatsOperator {
  natsUrl: string;
  /** Public key of the account that edges are users of. */
  account: string;
  operatorSeed: Secret;
  /** Path of a credentials file of the system account. */
  systemCredsFile: string;
}

export interface RevokedUser {
  /** Of the user's key: `U...`. */
  publicKey: string;
  /** Whatever was issued for the key until then is worth nothing. */
  at: Date;
}

type Claims = ReturnType<typeof decode<Account>>;

/** Whom the NATS server turns away: part of the claims of our account, which the server keeps and whoever holds an operator key can change. */
@Injectable()
export class AccountRevocations {
  #warned = false;

  constructor(
    @Inject(NATS_OPERATOR) private readonly operator: NatsOperator | null,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Replaces the whole set, but for a revocation of everybody (`*`); the server cuts the connections of whoever is in it, and lets them in no
   * more. Resolves when the server has it; rejects with `unavailable`. Limits and signing keys of the account stay as they are. Processes must take
   * turns from the reading of the set on, or an older set may win.
   */
  async publish(revoked: readonly RevokedUser[]): Promise<void> {
    if (!this.operator) return this.#warnOnce();
    const { operator } = this;
    try {
      await this.#replace(operator, revocationsOf(revoked));
    } catch (cause) {
      throw new ServiceError('unavailable', 'The NATS server could not be told which edges are revoked; it will be told again.', { cause });
    }
  }

  async #replace(operator: NatsOperator, wanted: Record<string, number>): Promise<void> {
    const nats = await connectToSystem(operator);
    try {
      const kept = await lookUp(nats, operator.account);
      const claims = decode<Account>(kept);
      const everybody = claims.nats.revocations?.[EVERYBODY];
      const revocations = everybody === undefined ? wanted : { ...wanted, [EVERYBODY]: everybody };
      if (isSame(claims.nats.revocations ?? {}, revocations)) return;
      await update(nats, await sign(claims, revocations, operator));
      if (await isInForce(nats, operator.account, revocations)) return;
      await update(nats, kept);
      throw new Error('The server does not believe the claims: CREDENTIALS_NATS_OPERATOR_SEED is not of a key of its operator.');
    } finally {
      await nats.close();
    }
  }

  #warnOnce(): void {
    if (this.#warned) return;
    this.#warned = true;
    this.logger.warn(
      'CREDENTIALS_NATS_OPERATOR_SEED and CREDENTIALS_NATS_SYSTEM_CREDS are not set: Patchbay refuses revoked edges, but the NATS server lets them connect',
    );
  }
}

/** One connection for each change: the login of the system account is held open no longer than it is needed. */
async function connectToSystem({ natsUrl, systemCredsFile }: NatsOperator): Promise<NatsConnection> {
  return connect({
    servers: natsUrl.split(','),
    name: 'credentials-revocations',
    authenticator: credsAuthenticator(await readFile(systemCredsFile)),
    inboxPrefix: serviceInbox('credentials'),
    timeout: ANSWER_TIMEOUT_MS,
    reconnect: false,
  });
}

async function lookUp(nats: NatsConnection, account: string): Promise<string> {
  const reply = await nats.request(`$SYS.REQ.ACCOUNT.${account}.CLAIMS.LOOKUP`, undefined, { timeout: ANSWER_TIMEOUT_MS });
  if (reply.data.length === 0) throw new Error(`The server knows no account ${account}.`);
  return reply.string();
}

/** The server stores claims of a foreign operator as well, and leaves the account as it was: what it does is asked, not what it keeps. */
async function isInForce(nats: NatsConnection, account: string, revocations: Record<string, number>): Promise<boolean> {
  const reply = await nats.request(`$SYS.REQ.ACCOUNT.${account}.INFO`, undefined, { timeout: ANSWER_TIMEOUT_MS });
  const { data } = reply.json<{ data: { revoked_user?: Record<string, string> } | null }>();
  // Nobody of the account is at this server, so it reads the claims when somebody comes.
  if (!data) return true;
  const inForce = Object.keys(data.revoked_user ?? {});
  return inForce.length === Object.keys(revocations).length && inForce.every((key) => key in revocations);
}

async function update(nats: NatsConnection, jwt: string): Promise<void> {
  const reply = await nats.request('$SYS.REQ.CLAIMS.UPDATE', jwt, { timeout: ANSWER_TIMEOUT_MS });
  const { error } = reply.json<{ error?: { code: number; description: string } }>();
  if (error) throw new Error(`The server refused the claims: ${error.description}`);
}

function sign({ name, sub, exp, nbf, nats }: Claims, revocations: Record<string, number>, { operatorSeed }: NatsOperator): Promise<string> {
  const signer = fromSeed(new TextEncoder().encode(operatorSeed.reveal()));
  return encodeAccount(name, sub, { ...nats, revocations }, { signer, ...(exp ? { exp } : {}), ...(nbf ? { nbf } : {}) });
}

/** Seconds since 1970, by public key. One whose time has not come is none yet: a server looks only at when a user was issued. */
function revocationsOf(revoked: readonly RevokedUser[]): Record<string, number> {
  const now = Date.now();
  const due = revoked.filter(({ at }) => at.getTime() <= now);
  return Object.fromEntries(due.map(({ publicKey, at }) => [publicKey, Math.floor(at.getTime() / 1000)]));
}

function isSame(some: Record<string, number>, other: Record<string, number>): boolean {
  const keys = Object.keys(some);
  return keys.length === Object.keys(other).length && keys.every((key) => some[key] === other[key]);
}
