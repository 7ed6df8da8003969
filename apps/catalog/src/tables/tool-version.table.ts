import type { ToolDefinition } from '@patchbay/contracts/catalog';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('tool_versions')
export class ToolVersionTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') tool_id!: string;
  @PrimaryColumn('integer') version!: number;
  @Column('json') definition!: ToolDefinition;
  @Column('timestamptz') created_at!: Date;
}
