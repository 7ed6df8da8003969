import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { nextCheckAt, requireAccepted } from '../domain/connection-check.ts';
import { tried } from '../domain/connection-health.ts';
import { isSandbox, requireWhole, settledSettings } from '../domain/connection-kinds.ts';
import { firstLifecycle } from '../domain/connection-lifecycle.ts';
import { usualOrigins } from '../domain/connection-origins.ts';
import { hintOf } from '../domain/connection-secret.ts';
import { connectionView, newConnection, type StoredConnection } from '../domain/connection.ts';
import { ConnectionChanges } from '../outside/connection-changes.ts';
import { ConnectionCredentials } from '../outside/connection-credentials.ts';
import { ConnectionFeed } from '../outside/connection-feed.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { ConnectionTrial, type Trial } from '../outside/connection-trial.ts';
import { SecretTickets } from '../outside/secret-tickets.ts';
import { SENDING_RULES } from '../outside/sending-rules.ts';

type Asked = Omit<InputOf<typeof credentials.createConnection>, 'sealed'>;

/** The secret is tried out at the provider before it is stored, encrypted, and can never be read back. */
@Injectable()
export class CreateConnection {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly tickets: SecretTickets,
    private readonly trial: ConnectionTrial,
    private readonly secrets: ConnectionCredentials,
    private readonly changes: ConnectionChanges,
    private readonly feed: ConnectionFeed,
  ) {}

  async run({ sealed, secret, headers, ...rest }: InputOf<typeof credentials.createConnection>): Promise<Connection> {
    const asked: Asked = { ...rest, ...(await this.tickets.read({ sealed, secret, headers })) };
    requireWhole(asked, SENDING_RULES);
    const made = madeOf(asked);
    const trial = await this.trial.run(made, asked);
    requireAccepted(trial.finding, asked.acceptUnverified);
    const now = new Date();
    const isChecked = made.lifecycle === 'active';
    const connection = { ...tried(made, trial.finding, now), nextCheckAt: isChecked ? nextCheckAt(made.check, now, Math.random()) : null };
    const { stored, changed } = await inOrganization(this.source, asked.organizationId, (tx) => this.#store(tx, connection, asked, trial));
    for (const connectionId of changed) await this.feed.publishNews({ organizationId: asked.organizationId, connectionId });
    return connectionView(stored);
  }

  async #store(tx: Transaction, connection: StoredConnection, asked: Asked, { finding, issued }: Trial) {
    const replaced = connection.isDefault ? await this.connections.clearDefault(tx, connection) : [];
    await this.connections.insert(tx, connection);
    await this.secrets.put(tx, connection, connection.version, asked);
    const stored = await this.secrets.keepTokens(tx, connection, issued);
    await this.connections.save(tx, connection, stored);
    await this.changes.log(tx, 'connection.created', null, stored);
    if (finding && finding.kind !== 'worked') await this.changes.log(tx, 'connection.accepted_unverified', null, stored);
    return { stored, changed: [...replaced, stored.connectionId] };
  }
}

function madeOf(asked: Asked): StoredConnection {
  const { organizationId, name, provider, kind, isDefault, check = null } = asked;
  const settings = settledSettings(asked);
  const connection = {
    organizationId,
    connectionId: newId('connection'),
    name,
    provider,
    kind,
    sandbox: isSandbox(asked),
    isDefault,
    settings,
    check,
    origins: asked.origins ?? usualOrigins({ settings, check }),
    hint: hintOf(asked),
    lifecycle: firstLifecycle({ kind, settings }),
  };
  return newConnection(connection, new Date());
}
