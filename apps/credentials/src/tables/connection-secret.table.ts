import type { Purpose } from '../outside/keys/envelope.ts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row per version of a secret: the ciphertext, and its data key wrapped by the key `kek_id`. */
@Entity('connection_secrets')
export class ConnectionSecretTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') connection_id!: string;
  @PrimaryColumn('text') purpose!: Purpose;
  @PrimaryColumn('integer') version!: number;
  @Column('text') alg!: string;
  @Column('text') kek_id!: string;
  @Column('bytea') wrapped_dek!: Buffer;
  @Column('bytea') dek_iv!: Buffer;
  @Column('bytea') dek_tag!: Buffer;
  @Column('bytea') iv!: Buffer;
  @Column('bytea') tag!: Buffer;
  @Column('bytea') ciphertext!: Buffer;
}
