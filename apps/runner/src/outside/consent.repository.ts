import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { storableText } from '@patchbay/service-kit/database/storable-json';
import type { CallerAnswer, Consent } from '../domain/caller-answer.ts';
import type { ConsentTable } from '../tables/consent.table.ts';

interface Scope {
  organizationId: string;
  sessionId: string;
}

@Injectable()
export class ConsentRepository {
  /** Asks for a consent, by the database's clock; what was asked before about the same function with other arguments is void from now on. */
  async ask(tx: Transaction, { organizationId, sessionId }: Scope, consent: Omit<Consent, 'expiresAt'>, expiresAfterMs: number): Promise<void> {
    // A statement of its own: what it ends must be out of the way of the unique index.
    await tx.query(
      `update consents set state = 'voided', decided_at = now()
       where org_id = $1 and session_id = $2 and function = $3 and state = 'asked' and (arguments_hash <> $4 or expires_at <= now())`,
      [organizationId, sessionId, consent.function, consent.argumentsHash],
    );
    await tx.query(
      `insert into consents (org_id, session_id, consent_id, function, arguments_hash, epoch, state, read_back, after_position, after_index,
         asked_turn_id, expires_at)
       values ($1, $2, $3, $4, $5, $6, 'asked', $7, $8, $9, $10, now() + $11 * interval '1 millisecond') on conflict do nothing`,
      [
        organizationId,
        sessionId,
        consent.consentId,
        consent.function,
        consent.argumentsHash,
        consent.epoch,
        storableText(consent.readBack),
        consent.afterPosition,
        consent.afterIndex,
        consent.askedTurnId,
        expiresAfterMs,
      ],
    );
  }

  /** The read-back of these arguments that waits for the caller. */
  async findAsked(tx: Transaction, { organizationId, sessionId }: Scope, name: string, argumentsHash: string): Promise<Consent | null> {
    const rows: ConsentTable[] = await tx.query(
      `select * from consents where org_id = $1 and session_id = $2 and function = $3 and arguments_hash = $4 and state = 'asked'
         and expires_at > now() order by epoch desc limit 1`,
      [organizationId, sessionId, name, argumentsHash],
    );
    return rows[0] ? toConsent(rows[0]) : null;
  }

  /** The yes that an intent was committed with, while it lasts: a second try of what came to nothing needs no second yes. */
  async findUsed(tx: Transaction, { organizationId, sessionId }: Scope, intentId: string): Promise<ConsentTable | null> {
    const rows: ConsentTable[] = await tx.query(
      `select * from consents where org_id = $1 and session_id = $2 and intent_id = $3 and state = 'used' and expires_at > now()`,
      [organizationId, sessionId, intentId],
    );
    return rows[0] ?? null;
  }

  /** Whether a turn of the caller has committed something already. */
  async isTurnUsed(tx: Transaction, { organizationId, sessionId }: Scope, turnId: string): Promise<boolean> {
    const rows: unknown[] = await tx.query(`select 1 from consents where org_id = $1 and session_id = $2 and turn_id = $3 and state = 'used'`, [
      organizationId,
      sessionId,
      turnId,
    ]);
    return rows.length > 0;
  }

  /** Uses a yes for an intent, in the transaction that commits it; a read has none. False: it is not waiting any more. A turn can be used once. */
  async use(tx: Transaction, scope: Scope, consentId: string, answer: CallerAnswer, intentId: string | null): Promise<boolean> {
    return this.#decide(tx, scope, consentId, 'used', answer, intentId);
  }

  /** The caller said no, or wants something else. */
  async close(tx: Transaction, scope: Scope, consentId: string, state: 'refused' | 'changed', answer: CallerAnswer): Promise<boolean> {
    return this.#decide(tx, scope, consentId, state, answer, null);
  }

  async #decide(
    tx: Transaction,
    { organizationId, sessionId }: Scope,
    consentId: string,
    state: ConsentTable['state'],
    { verdict, turnId, words }: CallerAnswer,
    intentId: string | null,
  ): Promise<boolean> {
    const [, decided]: [unknown, number] = await tx.query(
      `update consents set state = $4, verdict = $5, turn_id = $6, words = $7, intent_id = $8, decided_at = now()
       where org_id = $1 and session_id = $2 and consent_id = $3 and state = 'asked'`,
      [organizationId, sessionId, consentId, state, verdict, turnId, storableText(words), intentId],
    );
    return decided === 1;
  }
}

function toConsent(row: ConsentTable): Consent {
  return {
    consentId: row.consent_id,
    function: row.function,
    argumentsHash: row.arguments_hash,
    epoch: row.epoch,
    readBack: row.read_back,
    afterPosition: Number(row.after_position),
    afterIndex: row.after_index,
    askedTurnId: row.asked_turn_id,
    expiresAt: row.expires_at,
  };
}
