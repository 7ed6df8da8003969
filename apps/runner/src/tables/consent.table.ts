import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Read-backs and what the caller said to them. `asked` → `used`, `refused`, `changed` or `voided`. */
@Entity('consents')
export class ConsentTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') session_id!: string;
  @PrimaryColumn('text') consent_id!: string;
  @Column('text') function!: string;
  @Column('text') arguments_hash!: string;
  @Column('integer') epoch!: number;
  @Column('text') state!: 'asked' | 'used' | 'refused' | 'changed' | 'voided';
  @Column('text') read_back!: string;
  /** Position of the newest turn when it was asked for (calls counts them). */
  @Column('bigint') after_position!: string;
  @Column('integer') after_index!: number;
  @Column('text') asked_turn_id!: string;
  @Column('timestamptz') asked_at!: Date;
  @Column('timestamptz') expires_at!: Date;
  @Column('text', { nullable: true }) verdict!: string | null;
  @Column('text', { nullable: true }) turn_id!: string | null;
  @Column('text', { nullable: true }) words!: string | null;
  @Column('timestamptz', { nullable: true }) decided_at!: Date | null;
  @Column('text', { nullable: true }) intent_id!: string | null;
}
