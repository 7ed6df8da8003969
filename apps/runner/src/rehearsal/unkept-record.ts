import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import type { DataSource, QueryRunner } from 'typeorm';
import { InvocationRepository } from '../outside/invocation.repository.ts';
import type { AttemptRow, InvocationRow } from '../outside/invocation-rows.ts';
import { RunnerRepository } from '../outside/runner.repository.ts';

const LEASE_MS = 60_000;
/** Whoever has locked the tables is not waited for: the runner has calls to take. */
const BEGIN = `begin; set local statement_timeout = 2000`;

/** Transactions that are taken back, one after the other on one connection: everything can be written, and nothing is kept. */
export class UnkeptRecord implements AsyncDisposable {
  readonly #runners = new RunnerRepository();

  private constructor(
    private readonly connection: QueryRunner,
    private readonly runnerId: string,
  ) {}

  static async open(source: DataSource, runnerId: string): Promise<UnkeptRecord> {
    const record = new UnkeptRecord(source.createQueryRunner(), runnerId);
    try {
      await record.#begin(BEGIN);
    } catch (error) {
      await record[Symbol.asyncDispose]();
      throw error;
    }
    return record;
  }

  get transaction(): Transaction {
    return this.connection.manager;
  }

  /**
   * Between two waves of calls: a long transaction would keep whoever changes the tables waiting, and everybody else behind them. In one message,
   * so that no statement comes between and is kept.
   */
  takeBack(): Promise<void> {
    return this.#begin(`rollback; ${BEGIN}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.connection.query('rollback');
    } finally {
      await this.connection.release();
    }
  }

  /** With a lease: intents are committed for runners that live. */
  async #begin(statements: string): Promise<void> {
    await this.connection.query(statements);
    await this.#runners.renew(this.transaction, this.runnerId, LEASE_MS);
  }
}

/** How writes ended is sent on a connection of its own otherwise, where it would be kept. */
@Injectable()
export class UnkeptInvocations extends InvocationRepository {
  override async sendFinished(tx: Transaction, rows: InvocationRow[], attempts: AttemptRow[], onSent: () => void): Promise<void> {
    const storing = this.insertFinished(tx, rows, attempts);
    onSent();
    await storing;
  }
}
