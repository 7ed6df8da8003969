import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A browser that is signed in; it belongs to an identity, which may be in several organizations. */
@Entity('sign_ins')
export class SignInTable {
  /** SHA-256 of the token. */
  @PrimaryColumn('bytea') token_hash!: Buffer;
  @Column('text') sign_in_id!: string;
  @Column('text') issuer!: string;
  @Column('text') subject!: string;
  @Column('timestamptz') created_at!: Date;
  @Column('timestamptz') expires_at!: Date;
}
