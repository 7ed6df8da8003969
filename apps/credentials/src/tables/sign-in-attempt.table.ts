import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A sign-in that waits for the identity provider; nothing in it is worth anything without the browser's cookie. */
@Entity('sign_in_attempts')
export class SignInAttemptTable {
  /** SHA-256 of the state. */
  @PrimaryColumn('bytea') state_hash!: Buffer;
  /** SHA-256 of what binds it to a browser. */
  @Column('bytea') binding_hash!: Buffer;
  /** 256 random bits; with state and binding it makes the PKCE verifier and the nonce. */
  @Column('bytea') seed!: Buffer;
  @Column('text') return_to!: string;
  @Column('timestamptz') expires_at!: Date;
}
