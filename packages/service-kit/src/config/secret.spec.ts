import { format, inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Secret } from './secret.ts';

const held = new Secret('hunter2');

describe('Secret', () => {
  it.each([
    ['JSON', JSON.stringify({ key: held })],
    ['a template string', `key ${held}`],
    ['an addition', 'key ' + String(held)],
    ['inspect', inspect({ deep: { list: [held] } }, { depth: null, showHidden: true })],
    ['a format of the console', format('%s %o %j', held, held, held)],
    ['an error’s message', new Error(`wrong: ${held}`).stack ?? ''],
  ])('prints as [secret] in %s', (_where, text) => {
    expect(text).toContain('[secret]');
    expect(text).not.toContain('hunter2');
  });

  it('shows its value to nobody who goes through its properties', () => {
    expect(Object.values(held)).toEqual([]);
    expect(Object.getOwnPropertyNames(held)).toEqual([]);
    expect({ ...held }).toEqual({});
  });

  it('is revealed on demand only', () => {
    expect(held.reveal()).toBe('hunter2');
  });
});
