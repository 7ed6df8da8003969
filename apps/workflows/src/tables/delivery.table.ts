import type { WebhookDelivery } from '@patchbay/contracts/workflows';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('deliveries')
export class DeliveryTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') delivery_id!: string;
  @Column('text') webhook_id!: string;
  @Column('text') event_id!: string;
  @Column('text') subject!: string;
  @Column('text') body!: string;
  @Column('text', { nullable: true }) traceparent!: string | null;
  @Column('text') state!: WebhookDelivery['state'];
  @Column('integer') attempts!: number;
  @Column('integer', { nullable: true }) last_status!: number | null;
  @Column('text', { nullable: true }) last_problem!: string | null;
  @Column('timestamptz', { nullable: true }) next_attempt_at!: Date | null;
  @Column('timestamptz') created_at!: Date;
}
