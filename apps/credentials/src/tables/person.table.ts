import type { Role } from '@patchbay/contracts/permissions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody in one organization; the same human in another one is another row with the same issuer and subject. */
@Entity('people')
export class PersonTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') person_id!: string;
  /** In lower case. */
  @Column('text') email!: string;
  @Column('text', { nullable: true }) name!: string | null;
  @Column('text') role!: Role;
  @Column('text', { nullable: true }) issuer!: string | null;
  @Column('text', { nullable: true }) subject!: string | null;
  /** When issuer and subject became known: a sign-in from before does not speak for this person. */
  @Column('timestamptz', { nullable: true }) linked_at!: Date | null;
  @Column('timestamptz', { nullable: true }) last_sign_in_at!: Date | null;
  @Column('timestamptz') created_at!: Date;
}
