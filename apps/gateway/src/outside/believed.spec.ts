import { beforeEach, describe, expect, it } from '@jest/globals';
import { Believed } from './believed.ts';

/** More than a test takes. */
const LONG_MS = 600_000;

let asked: string[];
let believed: Believed<string>;
beforeEach(() => {
  asked = [];
  believed = new Believed(LONG_MS);
});

const get = (key: string, answer = `answer of ${key}`) =>
  believed.get(key, async () => {
    asked.push(key);
    return answer;
  });

describe('an answer', () => {
  it('is asked for once, while it is believed', async () => {
    expect([await get('a'), await get('a')]).toEqual(['answer of a', 'answer of a']);
    expect(asked).toEqual(['a']);
  });

  it('is asked for each time by whoever believes nothing', async () => {
    believed = new Believed(0);
    await get('a');
    await get('a');

    expect(asked).toEqual(['a', 'a']);
  });

  it('that is forgotten is asked for again, and no other is', async () => {
    await get('a');
    await get('b');

    believed.forget((answer) => answer === 'answer of a');
    await get('a');
    await get('b');

    expect(asked).toEqual(['a', 'b', 'a']);
  });

  it('that is under way while something is forgotten is not believed: it may be older than what was told', async () => {
    const late = Promise.withResolvers<string>();
    const first = believed.get('a', () => late.promise);

    believed.forget(() => false);
    late.resolve('what was true before');

    expect(await first).toBe('what was true before');
    expect(await get('a', 'what is true now')).toBe('what is true now');
  });

  it('is forgotten with all others', async () => {
    await get('a');
    believed.forgetAll();
    await get('a');

    expect(asked).toEqual(['a', 'a']);
  });
});

describe('a refusal', () => {
  it('is not kept', async () => {
    await expect(believed.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(await get('a')).toBe('answer of a');
  });
});
