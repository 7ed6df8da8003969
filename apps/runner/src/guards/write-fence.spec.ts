import { describe, expect, it } from '@jest/globals';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import { EffectClass } from '@patchbay/contracts/outcome';
import { needsSandbox, writeFence } from './write-fence.ts';

const WRITES = EffectClass.options.filter((effect) => EFFECT_RULES[effect].inTests === 'fence');
const mock = { result: { ok: true } };
const sandbox = () => true;
const real = () => false;

describe('the write fence', () => {
  it('covers every effect on somebody else', () => {
    expect(WRITES).toEqual(['write.idempotent', 'write.reversible', 'write.irreversible', 'message']);
  });

  it.each(WRITES)('keeps a %s of a test from the real account', (effect) => {
    expect(writeFence({ channel: 'test', effect, mock: undefined, isSandbox: real })).toBe('fenced');
    expect(writeFence({ channel: 'test', effect, mock: undefined, isSandbox: sandbox })).toBe('send');
    expect(writeFence({ channel: 'test', effect, mock, isSandbox: sandbox })).toBe('mock');
  });

  it.each(['read', 'call_control'] as const)('lets a %s of a test pass, and prefers its mock', (effect) => {
    expect(writeFence({ channel: 'test', effect, mock: undefined, isSandbox: real })).toBe('send');
    expect(writeFence({ channel: 'test', effect, mock, isSandbox: real })).toBe('mock');
  });

  it.each(['phone', 'web'] as const)('leaves calls of the channel %s alone, mock or not', (channel) => {
    for (const effect of EffectClass.options) {
      expect(writeFence({ channel, effect, mock, isSandbox: real })).toBe('send');
      expect(needsSandbox({ channel, effect, mock: undefined })).toBe(false);
    }
  });

  it('asks about the sandbox exactly where it decides', () => {
    for (const effect of EffectClass.options) {
      let asked = false;
      writeFence({ channel: 'test', effect, mock: undefined, isSandbox: () => (asked = true) });
      expect(needsSandbox({ channel: 'test', effect, mock: undefined })).toBe(asked);
      expect(needsSandbox({ channel: 'test', effect, mock })).toBe(false);
    }
  });
});
