import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('agents')
export class AgentTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') agent_id!: string;
  @Column('text') name!: string;
  /** The number of the newest version; 0 before the first. */
  @Column('integer') latest_number!: number;
  @Column('text', { nullable: true }) deployed_version_id!: string | null;
  @Column('timestamptz') created_at!: Date;
}
