import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('tools')
export class ToolTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') tool_id!: string;
  @Column('text') name!: string;
  @Column('integer') latest_version!: number;
  @Column('timestamptz') created_at!: Date;
}
