import type { ApiCaller } from '@patchbay/contracts/credentials';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('api_keys')
export class ApiKeyTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') api_key_id!: string;
  @Column('bytea') hash!: Buffer;
  @Column('text') role!: ApiCaller['role'];
  @Column('timestamptz') created_at!: Date;
}
