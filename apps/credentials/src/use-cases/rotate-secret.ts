import { Injectable } from '@nestjs/common';
import type { ConnectionSecret } from '@patchbay/contracts/connection-kinds';
import { leadsFurther } from '@patchbay/contracts/connection-origins';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { nextCheckAt, requireAccepted } from '../domain/connection-check.ts';
import { tried } from '../domain/connection-health.ts';
import { requireRotatable } from '../domain/connection-kinds.ts';
import { requireNotDeleted } from '../domain/connection-lifecycle.ts';
import { requireTokensAnew } from '../domain/connection-origins.ts';
import { requireNext, switched, withNext, withoutNext } from '../domain/connection-rotation.ts';
import { hintOf } from '../domain/connection-secret.ts';
import { withUse } from '../domain/connection-update.ts';
import type { StoredConnection } from '../domain/connection.ts';
import { oauthClientOf } from '../domain/oauth/oauth-client.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';
import { ConnectionCredentials } from '../outside/connection-credentials.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { ConnectionTrial, type Trial } from '../outside/connection-trial.ts';
import { randomSigningSecret } from '../outside/random-secrets.ts';
import { sealedText } from '../outside/sealed-answers.ts';
import { SecretTickets } from '../outside/secret-tickets.ts';
import { SENDING_RULES } from '../outside/sending-rules.ts';

type Asked = InputOf<typeof credentials.rotateSecret>;

const HOUR_MS = 3_600_000;

/** The next secret is stored, tried out and switched to; a process that dies on the way leaves the current one in use. */
@Injectable()
export class RotateSecret {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly tickets: SecretTickets,
    private readonly trial: ConnectionTrial,
    private readonly secrets: ConnectionCredentials,
    private readonly changes: ConnectionChanges,
  ) {}

  async run(asked: Asked): Promise<ReplyOf<typeof credentials.rotateSecret>> {
    const { held, next, secret, isMadeHere } = await this.#prepare(asked);
    const trial = await this.trial.run(next, secret);
    try {
      requireAccepted(trial.finding, asked.acceptUnverified);
      requireTokensAnew(held, next, trial.issued !== null);
    } catch (refusal) {
      await this.#drop(next);
      throw refusal;
    }
    const connection = await this.#switch(next, asked, trial);
    return { connection, secret: isMadeHere ? await sealedText(secret.secret!, asked.sealTo) : null };
  }

  /** The connection as it will be with the next secret, which is stored from here on. */
  async #prepare(asked: Asked): Promise<{ held: StoredConnection; next: StoredConnection; secret: ConnectionSecret; isMadeHere: boolean }> {
    const { organizationId, connectionId } = asked;
    const given = await this.tickets.read(asked);
    return inOrganization(this.source, organizationId, async (tx) => {
      const held = await this.connections.lock(tx, organizationId, connectionId);
      requireNotDeleted(held);
      const isMadeHere = held.kind === 'signing_secret' && given.secret === undefined;
      const secret: ConnectionSecret = isMadeHere ? { secret: randomSigningSecret() } : given;
      const settings = requireRotatable(held, secret, SENDING_RULES);
      const { origins, check } = await this.#withUse(tx, held, asked);
      const { connection, destroyed } = withNext(held, hintOf(secret), new Date());
      await this.secrets.destroy(tx, held, destroyed);
      await this.secrets.put(tx, connection, connection.lastVersion, secret);
      await this.connections.save(tx, held, connection);
      return { held, next: { ...connection, settings, origins, check, version: connection.lastVersion }, secret, isMadeHere };
    });
  }

  /** As if it had never been. */
  async #drop({ organizationId, connectionId, version }: StoredConnection): Promise<void> {
    await inOrganization(this.source, organizationId, async (tx) => {
      const held = await this.connections.lock(tx, organizationId, connectionId);
      requireNext(held, version);
      const { connection, destroyed } = withoutNext(held);
      await this.secrets.destroy(tx, held, destroyed);
      await this.connections.save(tx, held, connection);
    });
  }

  #switch(next: StoredConnection, asked: Asked, { finding, issued }: Trial): Promise<Connection> {
    const { graceHours, acceptUnverified } = asked;
    const isTaken = acceptUnverified && finding !== null && finding.kind !== 'worked';
    const action = isTaken ? 'connection.rotated_unverified' : 'connection.rotated';
    return this.changes.make(next, action, async (held, tx) => {
      requireNotDeleted(held);
      requireNext(held, next.version);
      const now = new Date();
      const bound = await this.#withUse(tx, held, asked);
      requireTokensAnew(held, bound, issued !== null);
      const isFurther = leadsFurther(held.origins, bound.origins);
      const { connection, destroyed } = switched(bound, isFurther ? 0 : graceHours * HOUR_MS, now);
      await this.secrets.destroy(tx, held, destroyed);
      const checkAt = held.lifecycle === 'active' ? nextCheckAt(bound.check, now, Math.random()) : null;
      const after = { ...tried(connection, finding, now), settings: next.settings, nextCheckAt: checkAt };
      return issued ? this.secrets.keepTokens(tx, after, issued) : after;
    });
  }

  /** The next secret is given for it; what an account granted is not, and stays where it is. */
  async #withUse(tx: Transaction, held: StoredConnection, asked: Asked): Promise<StoredConnection> {
    const isArmed = oauthClientOf(held)?.grant === 'authorization_code' && (await this.secrets.isArmed(tx, held));
    return withUse(held, asked, { ...SENDING_RULES, isArmed }, new Date());
  }
}
