import { describe, expect, it } from '@jest/globals';
import { newTurnId } from './new-turn-id.ts';

describe('newTurnId', () => {
  it('is a prefix and a UUIDv7 in hex that carries the time', () => {
    const before = Date.now();
    const id = newTurnId();

    expect(id).toMatch(/^trn_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    const madeAt = Number.parseInt(id.slice(4, 16), 16);
    expect(madeAt).toBeGreaterThanOrEqual(before);
    expect(madeAt).toBeLessThanOrEqual(Date.now());
  });

  it('is never the same twice', () => {
    expect(new Set(Array.from({ length: 1000 }, newTurnId)).size).toBe(1000);
  });
});
