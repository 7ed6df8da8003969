import { Controller, Get, HttpCode, Inject, Injectable, Optional, ServiceUnavailableException } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import { NATS } from '../messaging/nats.ts';

/** Whether this process takes work: off until it has subscribed, off again as soon as it is told to stop. */
@Injectable()
export class Readiness {
  #open = false;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Optional() private readonly source?: DataSource,
  ) {}

  open(): void {
    this.#open = true;
  }

  close(): void {
    this.#open = false;
  }

  /** What stands in the way, in words; empty when ready. */
  async obstacles(): Promise<string[]> {
    const obstacles: string[] = [];
    if (!this.#open) obstacles.push('starting or stopping');
    if (this.nats.isClosed()) obstacles.push('the NATS connection is closed');
    else await this.nats.flush().catch((error: unknown) => obstacles.push(`NATS: ${String(error)}`));
    await this.source?.query('select 1').catch((error: unknown) => obstacles.push(`PostgreSQL: ${String(error)}`));
    return obstacles;
  }
}

@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process lives. */
  @Get('health')
  @HttpCode(200)
  health(): { status: string } {
    return { status: 'ok' };
  }

  /** The process takes work. */
  @Get('ready')
  async ready(): Promise<{ status: string }> {
    const obstacles = await this.readiness.obstacles();
    if (obstacles.length > 0) throw new ServiceUnavailableException({ status: 'not ready', obstacles });
    return { status: 'ok' };
  }
}
