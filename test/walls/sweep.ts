import { natsIdentity } from '../../infra/local/nats-config.ts';
import { pathsIn } from '../../infra/local/paths.ts';
import { serviceDatabaseUrls } from '../../infra/local/postgres-databases.ts';
import type { Running as RunningPlatform } from '../../infra/local/running.ts';
import { ensureSecrets } from '../../infra/local/secrets.ts';
import { SERVICES } from '../../infra/local/services.ts';
import { randomBytes } from 'node:crypto';
import { Outside } from './outside.ts';
import { furnish, Party } from './parties.ts';
import { sweepRowLevel, type RowLevelResult } from './row-level.ts';
import { differences, settled } from './rows.ts';
import type { Things } from './sample.ts';
import { sweepContracts, sweepEdge, sweepSubjects } from './sweep-nats.ts';
import { sweepRest } from './sweep-rest.ts';

type Running = Pick<RunningPlatform, 'url' | 'apiKey' | 'natsUrl' | 'databaseUrl'>;

/** Two organizations on a running platform: one has one of everything, the other wants it. */
export class Sweep {
  readonly owner: Party;
  readonly intruder: Party;
  readonly things: Things;
  readonly marker: string;
  /** Events of the owner's calls that nobody of its own caused. */
  heard = 0;
  readonly #dataDir: string;
  readonly #running: Running;
  readonly #outside: Outside;

  private constructor(
    platform: { dataDir: string; running: Running },
    parties: { owner: Party; intruder: Party; outside: Outside },
    furnished: { things: Things; marker: string },
  ) {
    this.#outside = parties.outside;
    this.#dataDir = platform.dataDir;
    this.#running = platform.running;
    this.owner = parties.owner;
    this.intruder = parties.intruder;
    this.things = furnished.things;
    this.marker = furnished.marker;
  }

  static async prepare(dataDir: string, running: Running): Promise<Sweep> {
    const marker = `mark${randomBytes(8).toString('hex')}`;
    const owner = await Party.create(running, marker);
    const intruder = await Party.create(running, `other${randomBytes(8).toString('hex')}`);
    const outside = await Outside.start();
    const things = await furnish(owner, marker, outside.url);
    await settled(running.databaseUrl!, owner.organizationId);
    const sweep = new Sweep({ dataDir, running }, { owner, intruder, outside }, { things, marker });
    owner.nats.subscribe(`call.v1.${owner.organizationId}.${owner.edgeId}.>`, { callback: () => void (sweep.heard += 1) });
    await owner.nats.flush();
    return sweep;
  }

  /** What the owner itself reads with the same ids: without it, that others read nothing would say nothing. */
  async readByOwner(): Promise<string[]> {
    const { agent, session, webhook, connection, tool } = this.things;
    const paths = [`/v1/agents/${agent}`, `/v1/sessions/${session}/timeline`, `/v1/connections/${connection}`, `/v1/tools/${tool}`, '/v1/webhooks', '/v1/people', '/v1/api-keys'];
    const texts = await Promise.all(paths.map(async (path) => [path, (await this.owner.ask('GET', path)).text] as const));
    const deliveries = await this.owner.ask('GET', `/v1/webhooks/${webhook}/deliveries`);
    return [...texts.filter(([, text]) => !text.includes(this.marker)).map(([path]) => path), ...(deliveries.text.includes(webhook!) ? [] : ['deliveries'])];
  }

  /** Runs the work, and returns the tables of the owner that are not what they were. */
  async changesDuring<T>(work: () => Promise<T>): Promise<{ result: T; changed: string[] }> {
    const { databaseUrl } = this.#running;
    const before = await settled(databaseUrl!, this.owner.organizationId);
    const result = await work();
    return { result, changed: differences(before, await settled(databaseUrl!, this.owner.organizationId)) };
  }

  rest() {
    return sweepRest(this);
  }

  edge() {
    return sweepEdge(this);
  }

  subjects() {
    return sweepSubjects(this);
  }

  contracts() {
    const identity = natsIdentity(ensureSecrets(pathsIn(this.#dataDir).secrets, []).nats);
    return sweepContracts({ intruder: this.intruder, things: this.things, marker: this.marker, natsUrl: this.#running.natsUrl, identity });
  }

  /** With the services' own filters out of the way, database by database. */
  async rowLevel(): Promise<RowLevelResult> {
    const { roles } = ensureSecrets(pathsIn(this.#dataDir).secrets, []).postgres;
    const adminUrl = this.#running.databaseUrl!;
    const parties = { adminUrl, owner: this.owner.organizationId, intruder: this.intruder.organizationId };
    const results: RowLevelResult[] = [];
    for (const { name: service } of SERVICES.filter(({ database }) => database)) {
      results.push(await sweepRowLevel({ ...parties, service, workUrl: serviceDatabaseUrls(adminUrl, service, roles).work }));
    }
    return {
      tables: sum(results.map(({ tables }) => tables)),
      statements: sum(results.map(({ statements }) => statements)),
      filled: results.flatMap(({ filled }) => filled),
      empty: results.flatMap(({ empty }) => empty),
      problems: results.flatMap(({ problems }) => problems),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.owner.nats.drain(), this.intruder.nats.drain(), this.#outside.stop()]);
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
