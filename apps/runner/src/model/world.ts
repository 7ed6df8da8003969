import type { Behaviour, ProviderRequest } from './virtual-provider.ts';
import { VirtualProvider } from './virtual-provider.ts';
import type { History, Told } from './history.ts';
import { Noise } from './noise.ts';
import type { Safeguards } from './safeguards.ts';
import type { Point, Schedule } from './schedule.ts';
import { VirtualCall } from './virtual-call.ts';
import { VirtualClock } from './virtual-clock.ts';
import { VirtualConsents } from './virtual-consents.ts';
import type { DatabaseLink } from './virtual-database.ts';
import type { VirtualProcess } from './virtual-process.ts';
import { VirtualTables } from './virtual-tables.ts';

/** What of a runner can be hit. */
export interface Struck {
  readonly runnerId: string;
  readonly process: VirtualProcess;
  readonly database: DatabaseLink;
}

/** Everything that the runners share, and the record of what happened. */
export class World {
  readonly clock = new VirtualClock();
  readonly noise: Noise;
  readonly provider: VirtualProvider;
  readonly tables: VirtualTables;
  readonly consents: VirtualConsents;
  readonly call = new VirtualCall();
  readonly told: Told[] = [];
  readonly accepted: History['accepted'] = [];
  readonly received: History['received'] = [];
  /** What happens to whoever comes by a point next. */
  readonly ambushes: { at: Point; strike: (runner: Struck) => void }[] = [];
  readonly #weather: Behaviour[];
  #ids = 0;

  constructor(
    schedule: Schedule,
    readonly safeguards: Safeguards,
  ) {
    this.noise = new Noise(schedule.noise);
    this.provider = new VirtualProvider(this.clock, this.noise);
    this.tables = new VirtualTables(safeguards);
    this.consents = new VirtualConsents(this.tables.consents);
    this.#weather = [...schedule.weather];
  }

  newId(prefix: string): string {
    return `${prefix}_${++this.#ids}`;
  }

  nextBehaviour(): Behaviour {
    return this.#weather.shift() ?? 'ok';
  }

  pass(at: Point, runner: Struck): void {
    const found = this.ambushes.findIndex((ambush) => ambush.at === at);
    if (found >= 0) this.ambushes.splice(found, 1)[0]!.strike(runner);
  }

  sent(request: ProviderRequest, runner: Struck): void {
    this.received.push({ ...request, at: this.clock.now, process: runner.process });
    this.pass('sent', runner);
  }
}
