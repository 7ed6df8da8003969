import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceError } from '@patchbay/contracts/errors';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { echo, startTiny, tiny, type Script } from '../../testing/tiny-service.ts';
import type { RunningService } from '../bootstrap/start-service.ts';
import { clientFor, type ClientOf } from '../messaging/client.ts';
import { createLogger } from './logger.ts';
import { Metrics } from './metrics.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const logger = createLogger('test', 'silent');

let server: TestNats;
let nats: NatsConnection;
let service: RunningService;
let client: ClientOf<typeof tiny>;
const script: Script = { ...echo };

beforeAll(async () => {
  server = await startNats();
  nats = await connect({ servers: server.url, inboxPrefix: '_INBOX_edg_1' });
  client = clientFor(await connected(), tiny);
  service = await startTiny(server.url, script);
});

afterAll(async () => {
  await service.stop();
  await Promise.all(connections.map((one) => one.drain()));
  await nats.drain();
  await server.stop();
});

beforeEach(() => {
  Object.assign(script, echo);
});

const connections: NatsConnection[] = [];
async function connected(): Promise<NatsConnection> {
  const connection = await connect({ servers: server.url });
  connections.push(connection);
  return connection;
}

async function scrape({ url }: RunningService = service): Promise<{ type: string | null; text: string }> {
  const answer = await fetch(`${url}/metrics`, { headers: { connection: 'close' } });
  return { type: answer.headers.get('content-type'), text: await answer.text() };
}

/** The value of one series; 0 when there is none. */
async function valueOf(series: string, of = service): Promise<number> {
  const line = (await scrape(of)).text.split('\n').find((one) => one.startsWith(`${series} `));
  return line ? Number(line.split(' ')[1]) : 0;
}

describe('what a started service tells Prometheus', () => {
  it('is OpenMetrics, to its end', async () => {
    const { type, text } = await scrape();

    expect(type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(text.endsWith('\n# EOF\n')).toBe(true);
  });

  it('has memory, processor time and the lag of the event loop', async () => {
    const { text } = await scrape();

    for (const name of ['process_resident_memory_bytes', 'nodejs_heap_size_used_bytes', 'process_cpu_seconds_total']) {
      expect(text).toMatch(new RegExp(`^${name} [1-9.]|^${name} 0\\.[0-9]*[1-9]`, 'm'));
    }
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds [0-9.e-]+$/m);
  });

  it('counts each request by what it was answered', async () => {
    const series = (code: string) => `patchbay_nats_requests_total{subject="tiny.v1.run",code="${code}"}`;
    const before = { ok: await valueOf(series('ok')), conflict: await valueOf(series('conflict')) };

    await client.run({});
    await client.run({});
    script.run = async () => {
      throw new ServiceError('conflict', 'It is there already.');
    };
    await expect(client.run({})).rejects.toThrow('It is there already.');

    expect(await valueOf(series('ok'))).toBe(before.ok + 2);
    expect(await valueOf(series('conflict'))).toBe(before.conflict + 1);
  });

  it('shows the trace of a request with how long it took', async () => {
    const marks = headers();
    marks.set('traceparent', `00-${TRACE_ID}-b7ad6b7169203331-01`);

    await nats.request('edge.v1.org_1.edg_1.probe', '{}', { headers: marks, timeout: 5_000 });

    const { text } = await scrape();
    expect(text).toMatch(
      new RegExp(`^patchbay_nats_request_duration_seconds_bucket\\{.*subject="edge\\.v1\\.\\{org\\}\\.\\{edge\\}\\.probe"\\} 1 # \\{trace_id="${TRACE_ID}"\\} [0-9.e-]+ [0-9.]+$`, 'm'),
    );
    expect(text).not.toMatch(/org_1|edg_1/);
  });

  it('is only about itself, also when another service runs in the process', async () => {
    const other = await startTiny(server.url, echo);
    const runs = 'patchbay_nats_requests_total{subject="tiny.v1.run",code="ok"}';
    const before = await valueOf(runs);

    for (let asked = 0; asked < 20; asked++) await client.run({});

    expect((await valueOf(runs)) - before + (await valueOf(runs, other))).toBe(20);
    await other.stop();
  });
});

describe('a gauge that cannot be read', () => {
  it.each([
    ['at once', () => {
      throw new Error('gone');
    }],
    ['later', () => Promise.reject(new Error('gone'))],
    ['ever', () => new Promise<number>(() => undefined)],
  ])('%s is left out, and the rest is told', async (_when, read: () => number | Promise<number>) => {
    const metrics = new Metrics(logger);
    metrics.gauge({ name: 'patchbay_unreadable_things', help: 'Things.', read });
    metrics.gauge({ name: 'patchbay_readable_things', help: 'Things.', read: () => 3 });

    expect((await metrics.text()).split('\n').filter((line) => /^[^#]/.test(line))).toEqual(['patchbay_readable_things 3']);
  });

  it('does not keep the value of an earlier scrape', async () => {
    const metrics = new Metrics(logger);
    const values = [7];
    metrics.gauge({ name: 'patchbay_things', help: 'Things.', read: async () => values.pop() ?? Promise.reject(new Error('gone')) });

    expect(await metrics.text()).toContain('patchbay_things 7');
    expect(await metrics.text()).not.toMatch(/^patchbay_things/m);
  });
});
