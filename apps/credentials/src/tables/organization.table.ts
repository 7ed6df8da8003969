import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('organizations')
export class OrganizationTable {
  @PrimaryColumn('text') org_id!: string;
  @Column('text') name!: string;
  @Column('timestamptz') created_at!: Date;
}
