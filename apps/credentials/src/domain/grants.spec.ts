import { describe, expect, it } from '@jest/globals';
import { requireAll } from './grants.ts';

describe('giving permissions', () => {
  it('is allowed for what the giver has', () => {
    expect(() => requireAll(['keys:write', 'calls:read'], ['calls:read'])).not.toThrow();
  });

  it('is refused for anything more, which is named', () => {
    expect(() => requireAll(['keys:write'], ['keys:write', 'calls:read', 'audit:read'])).toThrow(/you lack calls:read, audit:read/);
  });
});
