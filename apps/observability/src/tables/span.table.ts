import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('spans')
export class SpanTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') trace_id!: string;
  /** `evt_`, the start in milliseconds as 12 hexadecimal digits, and the span id. */
  @PrimaryColumn('text') stored_id!: string;
  @Column('text', { nullable: true }) parent_span_id!: string | null;
  @Column('text', { nullable: true }) session_id!: string | null;
  @Column('text') name!: string;
  /** OTLP's number. */
  @Column('smallint') kind!: number;
  @Column('text') service!: string;
  /** Unix time; a string, because it does not fit a JavaScript number. */
  @Column('bigint') start_unix_nano!: string;
  @Column('bigint') duration_ns!: string;
  /** OTLP's number. */
  @Column('smallint') status!: number;
  @Column('json') attributes!: Record<string, unknown>;
}
