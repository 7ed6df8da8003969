import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

async function replay(folder: string): Promise<{ exitCode: number; summary: Record<string, number> }> {
  const env = { ...process.env, PATCHBAY_DATA: process.env['PATCHBAY_STORY_DATA'] };
  const child = spawn(process.execPath, [path('../replay/replay.ts'), path(folder), '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, summary: JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as Record<string, number> };
}

describe('recorded conversations', () => {
  it('with a schema-guided assistant play without a loss', async () => {
    const { exitCode, summary } = await replay('../data/sgd');

    expect({ exitCode, summary }).toMatchObject({
      exitCode: 0,
      summary: { conversations: 6, turns: 82, invocations: 14, succeeded: 14, argumentMismatches: 0, lost: 0, incompleteTraces: 0 },
    });
    // One look-up is repeated; within two seconds the provider is asked once.
    expect([13, 14]).toContain(summary['providerReceived']);
  });

  it('with airline customers play without a loss, the recorded errors included', async () => {
    expect(await replay('../data/airline')).toMatchObject({
      exitCode: 0,
      summary: { conversations: 4, invocations: 27, succeeded: 24, failed: 3, argumentMismatches: 0, lost: 0, incompleteTraces: 0 },
    });
  });
});
