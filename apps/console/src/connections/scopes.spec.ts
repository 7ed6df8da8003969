import { describe, expect, it } from '@jest/globals';
import { scopeStates } from './scopes.ts';

describe('scopeStates', () => {
  it('puts what was asked for beside what was granted', () => {
    expect(scopeStates(['read', 'write'], ['read', 'profile'])).toEqual([
      { scope: 'read', state: 'granted' },
      { scope: 'write', state: 'missing' },
      { scope: 'profile', state: 'unasked' },
    ]);
  });

  it('knows nothing when the provider said nothing', () => {
    expect(scopeStates(['read'], null)).toEqual([{ scope: 'read', state: 'unknown' }]);
  });
});
