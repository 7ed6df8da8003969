import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The tokens of a connection, without what is secret of them: that is in `connection_secrets`, under the same version. */
@Entity('connection_tokens')
export class ConnectionTokenTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') connection_id!: string;
  /** 0: there are none yet. */
  @Column('integer') version!: number;
  /** Who issued them, and nobody else may see them. */
  @Column('text', { nullable: true }) issuer!: string | null;
  @Column('text', { nullable: true }) resource!: string | null;
  @Column('text', { array: true, nullable: true }) scopes!: string[] | null;
  /** With a refresh token, or by the client's own credentials. */
  @Column('boolean') is_refreshable!: boolean;
  @Column('timestamptz', { nullable: true }) obtained_at!: Date | null;
  @Column('timestamptz', { nullable: true }) expires_at!: Date | null;
  /** When to look at them again. Null: nothing can be done without a person. */
  @Column('timestamptz', { nullable: true }) refresh_at!: Date | null;
  /** In a row, since the last success. */
  @Column('integer') failures!: number;
  /** Of the last failure. */
  @Column('text', { nullable: true }) problem!: string | null;
  /** When the provider said that the refresh token is worth nothing. */
  @Column('timestamptz', { nullable: true }) ended_at!: Date | null;
  /** A refresh began whose answer nobody has read: the provider may have replaced the refresh token. */
  @Column('boolean') unsure!: boolean;
  @Column('uuid', { nullable: true }) lease_id!: string | null;
  @Column('timestamptz', { nullable: true }) lease_until!: Date | null;
}
