import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import type { HealthEvent } from '../../domain/connection-health.ts';
import { retryAt } from '../../domain/oauth/refresh-schedule.ts';
import type { TokenProblem } from '../../domain/oauth/token-problem.ts';
import { AuditLog } from '../audit.repository.ts';
import { ConnectionRepository } from '../connection.repository.ts';
import { KeptTokens, obtainedOf, type IssuedTokens } from './kept-tokens.ts';
import { refOf, TokenRepository, type LeasedTokens } from './token.repository.ts';

/** What came of a refresh: in the tokens, in the health of their connection and in the log, at once. */
@Injectable()
export class RefreshRecord {
  constructor(
    private readonly source: DataSource,
    private readonly tokens: TokenRepository,
    private readonly kept: KeptTokens,
    private readonly connections: ConnectionRepository,
    private readonly audit: AuditLog,
  ) {}

  /** False when a person has connected the account anew meanwhile: those tokens are the newer ones. */
  keep(row: LeasedTokens, issued: IssuedTokens): Promise<boolean> {
    return this.#record(row, async (tx) => {
      const facts = await this.kept.replace(tx, refOf(row), row.version, issued);
      if (!facts) return false;
      const obtained = obtainedOf(facts, issued);
      await this.#learn(tx, row, { kind: 'refreshed', ...obtained });
      await this.audit.append(tx, row.org_id, refreshed(row, obtained));
      return true;
    });
  }

  /** Returns the words for it. Changes nothing when the lease is not ours any more, or the version has moved on. */
  async fail(row: LeasedTokens, problem: TokenProblem): Promise<string> {
    const now = new Date();
    const { terminal, fault } = problem;
    const text =
      terminal && row.unsure ? `${problem.text} An earlier refresh was cut off, in which the provider may have replaced the token.` : problem.text;
    const nextRefreshAt = terminal ? null : retryAt(row.failures + 1, problem.retryAfterMs, Math.random(), now);
    const failure = { problem: text, refresh_at: nextRefreshAt, ended_at: terminal ? now : null, unsure: problem.unsure };
    await this.#record(row, async (tx) => {
      if (!(await this.tokens.fail(tx, row, failure))) return;
      await this.#learn(tx, row, { kind: terminal ? 'refresh_refused' : 'refresh_failed', at: now, text, fault, nextRefreshAt });
    });
    return text;
  }

  /** There is no refresh token: all that can be done is to say so before the token ends. */
  async tellOfEnd(row: LeasedTokens, now: Date): Promise<void> {
    const { expires_at: expiresAt } = row;
    const hasEnded = expiresAt !== null && expiresAt <= now;
    const text = `The token ${hasEnded ? 'ended' : 'ends'} at ${expiresAt?.toISOString()}, and nothing renews it; connect the account again.`;
    await this.#record(row, async (tx) => {
      await this.tokens.postpone(tx, row, hasEnded ? null : expiresAt);
      if (hasEnded) await this.#learn(tx, row, { kind: 'refresh_refused', at: now, text, fault: 'organization', nextRefreshAt: null });
      else await this.#learn(tx, row, { kind: 'expiring', at: now, text });
    });
  }

  /** The connection first, then its tokens: whoever changes both does it in this order, or they wait for each other. */
  #record<T>(row: LeasedTokens, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inOrganization(this.source, row.org_id, async (tx) => {
      await this.connections.lock(tx, row.org_id, row.connection_id);
      return work(tx);
    });
  }

  async #learn(tx: Transaction, row: LeasedTokens, event: HealthEvent): Promise<void> {
    await this.connections.recordHealth(tx, row.org_id, row.connection_id, event);
  }
}

function refreshed(
  { connection_id, expires_at, scopes }: LeasedTokens,
  { expiresAt, grantedScopes }: { expiresAt: Date | null; grantedScopes: string[] | null },
) {
  const object = { kind: 'connection', id: connection_id };
  return { action: 'connection.refreshed', object, before: { expiresAt: expires_at, grantedScopes: scopes }, after: { expiresAt, grantedScopes } };
}
