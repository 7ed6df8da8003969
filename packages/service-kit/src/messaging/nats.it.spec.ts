import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { rpc } from '@patchbay/contracts/define';
import { startOperatorNats, type OperatorNats } from '@patchbay/testing/operator-nats';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { clientFor } from './client.ts';
import { connectNats } from './nats.ts';

const neighbour = {
  allowed: rpc('neighbour.v1.allowed', { summary: 'Answer.', input: z.object({}), output: z.object({}) }),
  denied: rpc('neighbour.v1.denied', { summary: 'Answer.', input: z.object({}), output: z.object({}) }),
};

let folder: string;
let server: OperatorNats;
let nats: NatsConnection;
const lines: Record<string, unknown>[] = [];
const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-kit-'));
  server = await startOperatorNats();
  const { credentials } = await server.mint('tiny', { pub: { allow: ['neighbour.v1.allowed'] }, sub: { allow: ['_INBOX_tiny.>'] } });
  await writeFile(join(folder, 'tiny.creds'), credentials);
  nats = await connectNats({ name: 'tiny', urls: server.url, credentialsFile: join(folder, 'tiny.creds'), logger });
});

beforeEach(() => {
  lines.length = 0;
});

afterAll(async () => {
  await nats.drain();
  await server.stop();
  await rm(folder, { recursive: true });
});

describe('a connection with permissions', () => {
  it('says in the log what it may not publish', async () => {
    nats.publish('somebody.elses');
    await nats.flush();
    await turnOfTheLoop();

    expect(lines).toMatchObject([{ level: 50, operation: 'publish', subject: 'somebody.elses' }]);
  });

  it('says in the log what it may not hear', async () => {
    nats.subscribe('somebody.elses', { queue: 'tiny', callback: () => undefined });
    await nats.flush();
    await turnOfTheLoop();

    expect(lines).toMatchObject([{ level: 50, operation: 'subscription', subject: 'somebody.elses', queue: 'tiny' }]);
  });

  it('fails a request that is not in its row at once, and names the subject', async () => {
    const asked = clientFor(nats, neighbour).denied({}, { timeoutMs: 20_000 });

    await expect(asked).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('neighbour.v1.denied') });
  });

  it('finds nobody where it may ask and nobody answers', async () => {
    await expect(clientFor(nats, neighbour).allowed({}, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'unavailable' });
    expect(lines).toEqual([]);
  });
});
