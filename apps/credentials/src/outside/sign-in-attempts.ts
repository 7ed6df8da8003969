import { Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { DataSource } from 'typeorm';
import type { SignInAttemptTable } from '../tables/sign-in-attempt.table.ts';
import { isSameBinding, sha256 } from './sign-in-proof.ts';
import { SignInRepository } from './sign-in.repository.ts';

/** Sign-ins that come back from the identity provider. */
@Injectable()
export class SignInAttempts {
  constructor(
    private readonly source: DataSource,
    private readonly signIns: SignInRepository,
  ) {}

  /**
   * Uses the attempt of a state up, whatever becomes of it. Another browser does not use it up: it could end the sign-in of somebody whose
   * address bar it has seen.
   */
  async take(state: string, browserBinding: string, now: Date): Promise<SignInAttemptTable> {
    const tx = this.source.manager;
    const stateHash = sha256(state);
    const attempt = await this.signIns.findAttempt(tx, stateHash);
    if (!attempt || attempt.expires_at <= now) throw refused('unknown_state', 'This sign-in is not known: it has ended, was used, or is not ours; sign in again.');
    if (!isSameBinding(attempt.binding_hash, browserBinding))
      throw refused('other_browser', 'This sign-in was begun in another browser; begin one here.');
    if (!(await this.signIns.takeAttempt(tx, stateHash))) throw refused('unknown_state', 'This sign-in was used already; sign in again.');
    return attempt;
  }
}

function refused(problem: string, message: string): ServiceError {
  return new ServiceError('unauthenticated', message, { details: { problem } });
}
