import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Kvm } from '@nats-io/kv';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { z } from 'zod';
import { createLogger } from '../telemetry/logger.ts';
import { SnapshotMirror, SnapshotPublisher } from './snapshots.ts';

const Snapshot = z.object({ state: z.enum(['live', 'ended']) });
type Snapshot = z.infer<typeof Snapshot>;

const logger = createLogger('test', 'silent');
let server: TestNats;
let nats: NatsConnection;
let buckets = 0;
const mirrors: SnapshotMirror<typeof Snapshot>[] = [];

beforeAll(async () => {
  server = await startNats();
  nats = await connect({ servers: server.url });
});

afterEach(() => {
  for (const mirror of mirrors.splice(0)) mirror.stop();
});

afterAll(async () => {
  await nats.drain();
  await server.stop();
});

const newBucket = () => `bucket_${++buckets}`;

/** A mirror, and a promise for the change of a key that comes next. */
function mirrorOf(bucket: string) {
  const waiting = new Map<string, (snapshot: Snapshot | undefined) => void>();
  const mirror = new SnapshotMirror({
    nats,
    bucket,
    schema: Snapshot,
    logger,
    onChange: (key, snapshot) => {
      waiting.get(key)?.(snapshot);
      waiting.delete(key);
    },
  });
  mirrors.push(mirror);
  const change = (key: string) => new Promise<Snapshot | undefined>((resolve) => waiting.set(key, resolve));
  return { mirror, change };
}

describe('a mirror', () => {
  it('holds what was published before it started', async () => {
    const bucket = newBucket();
    const publisher = new SnapshotPublisher<Snapshot>(nats, bucket);
    await publisher.put('org_1.ses_1', { state: 'live' });
    await publisher.put('org_1.ses_2', { state: 'live' });
    await publisher.put('org_1.ses_1', { state: 'ended' });
    const { mirror } = mirrorOf(bucket);

    await mirror.start();

    expect(mirror.get('org_1.ses_1')).toEqual({ state: 'ended' });
    expect(mirror.get('org_1.ses_2')).toEqual({ state: 'live' });
    expect(mirror.get('org_1.ses_3')).toBeUndefined();
  });

  it('starts on an empty bucket, and sees each snapshot that is put afterwards', async () => {
    const bucket = newBucket();
    const publisher = new SnapshotPublisher<Snapshot>(nats, bucket);
    await publisher.ensure();
    const { mirror, change } = mirrorOf(bucket);
    await mirror.start();

    for (const state of ['live', 'ended'] as const) {
      const changed = change('org_1.ses_1');
      await publisher.put('org_1.ses_1', { state });
      expect(await changed).toEqual({ state });
      expect(mirror.get('org_1.ses_1')).toEqual({ state });
    }
  });

  it('waits for a bucket that its publisher makes later', async () => {
    const bucket = newBucket();
    const { mirror } = mirrorOf(bucket);
    const started = mirror.start();

    await new SnapshotPublisher<Snapshot>(nats, bucket).put('org_1.ses_1', { state: 'live' });
    await started;

    expect(await mirror.find('org_1.ses_1')).toEqual({ state: 'live' });
  });

  it('drops what was deleted', async () => {
    const bucket = newBucket();
    await new SnapshotPublisher<Snapshot>(nats, bucket).put('org_1.ses_1', { state: 'live' });
    const { mirror, change } = mirrorOf(bucket);
    await mirror.start();

    const changed = change('org_1.ses_1');
    await (await new Kvm(nats).open(bucket)).delete('org_1.ses_1');

    expect(await changed).toBeUndefined();
    expect(mirror.get('org_1.ses_1')).toBeUndefined();
    expect(await mirror.find('org_1.ses_1')).toBeUndefined();
  });

  it.each([
    ['no JSON', '{"state":'],
    ['of a later release that it cannot read', '{"state":"paused"}'],
  ])('lives on without a snapshot that is %s', async (_what, text) => {
    const bucket = newBucket();
    const publisher = new SnapshotPublisher<Snapshot>(nats, bucket);
    await publisher.put('good', { state: 'live' });
    await (await new Kvm(nats).open(bucket)).put('odd', text);
    const { mirror, change } = mirrorOf(bucket);

    await mirror.start();
    expect(mirror.get('odd')).toBeUndefined();
    expect(mirror.get('good')).toEqual({ state: 'live' });

    const changed = change('odd');
    await publisher.put('odd', { state: 'ended' });
    expect(await changed).toEqual({ state: 'ended' });
  });

  it('forgets what has expired without a word', async () => {
    const bucket = newBucket();
    const publisher = new SnapshotPublisher<Snapshot>(nats, bucket);
    await publisher.put('org_1.ses_1', { state: 'live' });
    await publisher.put('org_1.ses_2', { state: 'ended' });
    const { mirror } = mirrorOf(bucket);
    await mirror.start();

    mirror.forget(({ state }) => state === 'ended');

    expect(mirror.get('org_1.ses_1')).toEqual({ state: 'live' });
    expect(mirror.get('org_1.ses_2')).toBeUndefined();
  });
});

describe('a snapshot that has not arrived yet', () => {
  it('is found at the server, and held from then on', async () => {
    const bucket = newBucket();
    const publisher = new SnapshotPublisher<Snapshot>(nats, bucket);
    await publisher.ensure();
    const { mirror } = mirrorOf(bucket);
    await mirror.start();
    // Nothing arrives any more: what is found now was asked for.
    mirror.stop();

    await publisher.put('org_1.ses_1', { state: 'live' });

    expect(mirror.get('org_1.ses_1')).toBeUndefined();
    expect(await mirror.find('org_1.ses_1')).toEqual({ state: 'live' });
    expect(mirror.get('org_1.ses_1')).toEqual({ state: 'live' });
  });

  it('is not found where there is none', async () => {
    const bucket = newBucket();
    await new SnapshotPublisher<Snapshot>(nats, bucket).ensure();
    const { mirror } = mirrorOf(bucket);
    await mirror.start();

    expect(await mirror.find('org_1.nobody')).toBeUndefined();
  });

  it('is not asked for before the mirror has started', async () => {
    expect(await mirrorOf(newBucket()).mirror.find('org_1.ses_1')).toBeUndefined();
  });
});

describe('a mirror that is stopped', () => {
  it('while it waits for its bucket gives up', async () => {
    const { mirror } = mirrorOf(newBucket());
    const started = mirror.start();

    mirror.stop();

    await expect(started).resolves.toBeUndefined();
  });
});

describe('a publisher', () => {
  it('knows what it has published', async () => {
    const publisher = new SnapshotPublisher<Snapshot>(nats, newBucket(), { ttlMs: 60_000 });

    expect(await publisher.has('org_1.ses_1')).toBe(false);
    await publisher.put('org_1.ses_1', { state: 'live' });
    expect(await publisher.has('org_1.ses_1')).toBe(true);
  });

  it('may be one of several of the same bucket', async () => {
    const bucket = newBucket();
    await Promise.all(
      [1, 2, 3].map((number) => new SnapshotPublisher<Snapshot>(nats, bucket).put(`key_${number}`, { state: 'live' })),
    );
    const { mirror } = mirrorOf(bucket);

    await mirror.start();

    expect([1, 2, 3].map((number) => mirror.get(`key_${number}`)?.state)).toEqual(['live', 'live', 'live']);
  });
});
