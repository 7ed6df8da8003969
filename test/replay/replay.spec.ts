import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { PlatformStandIn } from './stand-in/platform-stand-in.ts';
import type { Script } from './stand-in/platform-stand-in.ts';

const REPLAY = fileURLToPath(new URL('./replay.ts', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../data/sgd', import.meta.url));

let platform: PlatformStandIn | undefined;
afterEach(async () => {
  await platform?.close();
  platform = undefined;
});

async function runReplay(argv: string[], { script, key }: { script?: Script; key?: string } = {}) {
  platform = await PlatformStandIn.start(script);
  const env = { ...process.env, PATCHBAY_URL: platform.url, PATCHBAY_API_KEY: key ?? platform.operatorKey };
  const child = spawn(process.execPath, ['--no-warnings', REPLAY, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { stdout, stderr, code };
}

describe('npm run replay', () => {
  it('ends with the line of JSON and exit code 0 when nothing is wrong', async () => {
    const { stdout, code } = await runReplay([SAMPLE, '--limit', '1']);

    const lastLine = stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(lastLine)).toMatchObject({ conversations: 1, turns: 14, invocations: 2, lost: 0 });
    expect(stdout).toContain('Replay of sgd');
    expect(code).toBe(0);
  });

  it('prints nothing but the line with --json, and explains findings on standard error with exit code 1', async () => {
    const script: Script = { place: (sent) => ({ ...sent, extra: 'x' }) };
    const { stdout, stderr, code } = await runReplay([SAMPLE, '--limit', '1', '--json'], { script });

    expect(JSON.parse(stdout)).toMatchObject({ argumentMismatches: 2 });
    expect(stderr).toContain('2 argument mismatches:');
    expect(code).toBe(1);
  });

  it('says what to do when the API key may not create organizations', async () => {
    const { stdout, stderr, code } = await runReplay([SAMPLE], { key: 'member' });

    expect(stderr).toContain('Use the operator key that `npm start` prints.');
    expect([stdout, code]).toEqual(['', 1]);
  });

  it('touches no platform when the folder cannot be read', async () => {
    const { stderr, code } = await runReplay(['/does/not/exist']);

    expect(stderr).toContain('/does/not/exist: cannot be read');
    expect([platform?.requests.length, code]).toEqual([0, 2]);
  });

  it('stops on Ctrl-C after the requests under way, ends the sessions it has opened and counts nothing', async () => {
    const stopped: { child?: number } = {};
    const script: Script = {
      instead: (operation) => {
        if (operation === 'turn' && stopped.child) process.kill(stopped.child, 'SIGINT');
        return null;
      },
    };
    platform = await PlatformStandIn.start(script);
    const env = { ...process.env, PATCHBAY_URL: platform.url, PATCHBAY_API_KEY: platform.operatorKey };
    const child = spawn(process.execPath, ['--no-warnings', REPLAY, SAMPLE, '--concurrency', '1'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) stopped.child = child.pid;
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);

    const operations = platform.requests.map(({ subject }) => subject.split('.').slice(4).join('.'));
    expect(operations.filter((operation) => operation === 'session.start')).toHaveLength(1);
    expect(operations.at(-1)).toBe('session.end');
    expect(stderr).toContain('Stopped before the end: nothing was counted.');
    expect([stdout, code]).toEqual(['', 130]);
  });
});
