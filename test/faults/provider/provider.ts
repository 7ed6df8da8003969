import { ControlledProcess } from '../../bench/controlled-process.ts';
import type { ProviderRequest } from './request.ts';
import type { ProviderOrder, ProviderUrls } from './server.ts';
import type { Script, Step } from './step.ts';

/** Somebody else's system with a script, in a process of its own: its work must not delay what is measured here. */
export class Provider {
  readonly urls: ProviderUrls;
  readonly #process: ControlledProcess<ProviderOrder>;

  private constructor(urls: ProviderUrls, process: ControlledProcess<ProviderOrder>) {
    this.urls = urls;
    this.#process = process;
  }

  static async start(): Promise<Provider> {
    const program = new URL('./server.ts', import.meta.url).href;
    const process = new ControlledProcess<ProviderOrder>({ title: 'provider', program });
    return new Provider(await process.ask<ProviderUrls>({ kind: 'start' }), process);
  }

  /** How the requests with these tags are met. */
  async script(script: Script): Promise<void> {
    await this.#process.ask({ kind: 'script', script });
  }

  /** How every request is met that has no step of its own; null: done at once. */
  async otherwise(step: Step | null): Promise<void> {
    await this.#process.ask({ kind: 'otherwise', step });
  }

  log(): Promise<ProviderRequest[]> {
    return this.#process.ask<ProviderRequest[]>({ kind: 'log' });
  }

  async forget(): Promise<void> {
    await this.#process.ask({ kind: 'forget' });
  }

  close(): Promise<void> {
    return this.#process.close();
  }
}
