import { EventEmitter, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ProcessRecord, endLeftovers } from './process-record.ts';
import { isAlive } from './processes.ts';
import { SupervisedProcess, restartDelayMs, tailOf, type ProcessSpec } from './supervisor.ts';
import { makeScratchFolder } from './testing/scratch-folder.ts';

const folder = makeScratchFolder();
const recordFile = join(folder.path, 'processes.json');

afterAll(() => folder.remove());

describe('the delay before a restart', () => {
  it('is none after a clean exit', () => {
    expect(restartDelayMs({ code: 0, upMs: 5_000, previousMs: 3_200 })).toBe(0);
  });

  it('doubles from 0.2 s to 5 s while the process keeps failing', () => {
    const delays: number[] = [];
    for (let i = 0; i < 7; i++) delays.push(restartDelayMs({ code: 1, upMs: 100, previousMs: delays.at(-1) ?? 0 }));

    expect(delays).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  });

  it('begins again once the process has been up for 30 s', () => {
    expect(restartDelayMs({ code: 1, upMs: 30_000, previousMs: 5_000 })).toBe(200);
  });

  it('is kept by a program that exits with 0 and does nothing', () => {
    expect(restartDelayMs({ code: 0, upMs: 10, previousMs: 400 })).toBe(800);
  });
});

describe('a supervised process', () => {
  it('comes back when it ends, and stays away once it was stopped', async () => {
    const starts = new EventEmitter();
    const record = new ProcessRecord(recordFile);
    const process = new SupervisedProcess(program('setInterval(() => {}, 1000)'), record, {
      started: (_name, pid) => starts.emit('started', pid),
    });
    process.start();
    const first = process.pid!;
    process.keepUp();
    const again = once(starts, 'started');

    globalThis.process.kill(first, 'SIGTERM');
    const [second] = (await again) as [number];

    expect(second).not.toBe(first);
    expect(Object.keys(JSON.parse(readFileSync(recordFile, 'utf8')))).toEqual([String(second)]);
    await process.stop();
    expect(isAlive(second)).toBe(false);
    expect(existsSync(recordFile)).toBe(false);
  });

  it('tells how it ended when it was not to be kept up, and leaves its words in the log', async () => {
    const process = new SupervisedProcess(
      program("console.log('no database'); process.exit(3)"),
      new ProcessRecord(recordFile),
    );

    process.start();

    expect(await process.ended).toBe('exited with code 3');
    expect(tailOf(process.spec.logFile)).toContain('no database');
  });

  it('is ended hard when it does not stop in time', async () => {
    // SIGCONT ends nothing: it stands for a signal that a program does not heed.
    const unheeded = { ...program('setInterval(() => {}, 1000)'), stopSignal: 'SIGCONT' as const, graceMs: 1 };
    const process = new SupervisedProcess(unheeded, new ProcessRecord(recordFile));
    process.start();
    const pid = process.pid!;

    await process.stop();

    expect(isAlive(pid)).toBe(false);
  });
});

describe('what a killed run left behind', () => {
  it('is ended when its command line proves it ours, and nothing else is', async () => {
    const left = new SupervisedProcess(program('setInterval(() => {}, 1000)'), new ProcessRecord(recordFile));
    left.start();
    const pid = left.pid!;
    const killedRun = new ProcessRecord(join(folder.path, 'killed.json'));
    killedRun.add(pid, left.spec);
    killedRun.add(process.pid, {
      name: 'not ours',
      proof: 'what this process was not started with',
      stopSignal: 'SIGKILL',
    });

    expect(await endLeftovers(join(folder.path, 'killed.json'))).toEqual(['stand-in']);

    await left.ended;
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(join(folder.path, 'killed.json'))).toBe(false);
  });
});

function program(script: string): ProcessSpec {
  return {
    name: 'stand-in',
    command: process.execPath,
    args: ['-e', script, '--', `--proof=${folder.path}`],
    env: {},
    cwd: folder.path,
    logFile: join(folder.path, 'stand-in.log'),
    proof: `--proof=${folder.path}`,
    stopSignal: 'SIGTERM',
    graceMs: 10_000,
    killSignal: 'SIGKILL',
  };
}
