import type { Webhook } from '@patchbay/contracts/workflows';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('webhooks')
export class WebhookTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') webhook_id!: string;
  @Column('text') url!: string;
  @Column('text', { array: true }) events!: Webhook['events'];
  /** Of the signing secret, which credentials keeps. */
  @Column('text') connection_id!: string;
  @Column('timestamptz') created_at!: Date;
}
