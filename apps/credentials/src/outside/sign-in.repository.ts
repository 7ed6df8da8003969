import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { LessThanOrEqual } from 'typeorm';
import { SignInAttemptTable } from '../tables/sign-in-attempt.table.ts';
import { SignInTable } from '../tables/sign-in.table.ts';

/** Sign-ins under way and done. They belong to no organization: whose they are shows when an identity is looked up. */
@Injectable()
export class SignInRepository {
  async insertAttempt(tx: Transaction, row: SignInAttemptTable): Promise<void> {
    await tx.insert(SignInAttemptTable, row);
  }

  async findAttempt(tx: Transaction, stateHash: Buffer): Promise<SignInAttemptTable | null> {
    return tx.findOneBy(SignInAttemptTable, { state_hash: stateHash });
  }

  /** False when somebody was faster: a state is good for one use. */
  async takeAttempt(tx: Transaction, stateHash: Buffer): Promise<boolean> {
    const { affected } = await tx.delete(SignInAttemptTable, { state_hash: stateHash });
    return affected === 1;
  }

  async insert(tx: Transaction, row: SignInTable): Promise<void> {
    await tx.insert(SignInTable, row);
  }

  async find(tx: Transaction, tokenHash: Buffer): Promise<SignInTable | null> {
    return tx.findOneBy(SignInTable, { token_hash: tokenHash });
  }

  async end(tx: Transaction, tokenHash: Buffer): Promise<void> {
    await tx.delete(SignInTable, { token_hash: tokenHash });
  }

  async deleteExpired(tx: Transaction, now: Date): Promise<void> {
    await tx.delete(SignInAttemptTable, { expires_at: LessThanOrEqual(now) });
    await tx.delete(SignInTable, { expires_at: LessThanOrEqual(now) });
  }
}
