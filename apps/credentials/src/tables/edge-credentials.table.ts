import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One key pair of an edge; only its public half is kept. */
@Entity('edge_credentials')
export class EdgeCredentialsTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') edge_id!: string;
  @PrimaryColumn('text') public_key!: string;
  @Column('timestamptz') minted_at!: Date;
  /** As its JWT says; null: never. */
  @Column('timestamptz', { nullable: true }) expires_at!: Date | null;
  /** When it ends, or ended, before that; may lie ahead while an edge changes over. */
  @Column('timestamptz', { nullable: true }) revoked_at!: Date | null;
  /** When NATS was told that it has ended. */
  @Column('timestamptz', { nullable: true }) published_at!: Date | null;
}
