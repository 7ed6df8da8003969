import { Injectable } from '@nestjs/common';
import type { audit, AuditEntry, Change } from '@patchbay/contracts/audit';
import type { InputOf } from '@patchbay/contracts/define';
import { describeChange, hashOf, type ChangeMade } from '@patchbay/service-kit/database/change';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { storableJson } from '@patchbay/service-kit/database/storable-json';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { appendTo, chainStart, type ChainEnd } from '../domain/audit-chain.ts';

/** Any number that no other two-part advisory lock of this database has. */
const CHAIN_LOCK = 72_003;

interface AuditRow {
  /** The driver gives a bigint as text. */
  sequence: string;
  audit_id: string;
  at: Date;
  change: Change;
  previous: string;
  hash: string;
}

/** The log of an organization: one chain of entries, each sealed with the hash of the one before. */
@Injectable()
export class AuditLog {
  /**
   * Writes what this service changed. Until the transaction ends it keeps others from writing to the organization's log: make it the last
   * statement, so that it waits for nothing while they wait for it.
   */
  append(tx: Transaction, organizationId: string, made: ChangeMade): Promise<void> {
    return this.record(tx, organizationId, describeChange('credentials', made), new Date());
  }

  /** Writes what another service told; the order of the log is that of arrival. */
  async record(tx: Transaction, organizationId: string, told: Change, at: Date): Promise<void> {
    // As the database will give it back: what it cannot hold must not be in the hash.
    const change = JSON.parse(storableJson(told)) as Change;
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [CHAIN_LOCK, organizationId]);
    const end = await this.#end(tx, organizationId);
    const { sequence, previous, hash, auditId } = appendTo(end, { ...change, auditId: newId('audit'), at: at.toISOString() }, hashOf);
    await tx.query(
      `insert into audit_entries (org_id, sequence, audit_id, at, change, previous, hash) values ($1, $2, $3, $4, $5, $6, $7)`,
      [organizationId, sequence, auditId, at, change, previous, hash],
    );
  }

  /** Newest first. `action` is a whole action or its noun. */
  async list(tx: Transaction, { organizationId, limit, before, action, objectId }: InputOf<typeof audit.listAudit>): Promise<AuditEntry[]> {
    const rows: AuditRow[] = await tx.query(
      `select sequence, audit_id, at, change, previous, hash from audit_entries
       where org_id = $1
         and ($2::text is null or sequence < (select sequence from audit_entries where org_id = $1 and audit_id = $2))
         and ($3::text is null or action = $3 or split_part(action, '.', 1) = $3)
         and ($4::text is null or object_id = $4)
       order by sequence desc limit $5`,
      [organizationId, before ?? null, action ?? null, objectId ?? null, limit],
    );
    return rows.map(view);
  }

  /** In the order of the chain. */
  async listFrom(tx: Transaction, organizationId: string, afterSequence: number, limit: number): Promise<AuditEntry[]> {
    const rows: AuditRow[] = await tx.query(
      `select sequence, audit_id, at, change, previous, hash from audit_entries
       where org_id = $1 and sequence > $2 order by sequence limit $3`,
      [organizationId, afterSequence, limit],
    );
    return rows.map(view);
  }

  async #end(tx: Transaction, organizationId: string): Promise<ChainEnd> {
    const [last]: { sequence: string; hash: string }[] = await tx.query(
      'select sequence, hash from audit_entries where org_id = $1 order by sequence desc limit 1',
      [organizationId],
    );
    return last ? { sequence: Number(last.sequence), hash: last.hash } : chainStart(organizationId, hashOf);
  }
}

function view({ sequence, audit_id, at, change, previous, hash }: AuditRow): AuditEntry {
  return { ...change, auditId: audit_id, sequence: Number(sequence), at: at.toISOString(), previous, hash };
}
