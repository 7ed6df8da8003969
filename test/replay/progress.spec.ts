import { describe, expect, it } from '@jest/globals';
import { Progress } from './progress.ts';

function written(isTTY: boolean): string[] {
  const lines: string[] = [];
  const progress = new Progress({ isTTY, write: (text) => lines.push(text) }, 3);
  progress.enter('played');
  progress.count('turn');
  progress.count('conversation');
  progress.stop();
  return lines;
}

describe('progress', () => {
  it('writes whole lines where there is no terminal', () => {
    expect(written(false)).toEqual([
      'played: 0/3 conversations, 0 turns, 0 invocations, 0 lost, 0 s\n',
      'played: 1/3 conversations, 1 turns, 0 invocations, 0 lost, 0 s\n',
    ]);
  });

  it('redraws one line on a terminal and leaves it at the end', () => {
    const lines = written(true);

    expect(lines[1]).toBe('\r\x1b[Kplayed: 1/3 conversations, 1 turns, 0 invocations, 0 lost, 0 s');
    expect(lines.at(-1)).toBe('\n');
  });

  it('counts conversations anew in every stage', () => {
    const progress = new Progress({ write: () => true }, 3);
    progress.enter('played');
    progress.count('conversation');
    progress.enter('read back');
    progress.stop();

    expect(progress.line()).toContain('read back: 0/3 conversations');
  });
});
