import { describe, expect, it } from '@jest/globals';
import { actionWords, actorWords, objectPath } from './audit-words.ts';

describe('the words of the audit log', () => {
  it('say an action without dots', () => {
    expect(actionWords('api_key.role_changed')).toBe('api key role changed');
  });

  it('name who it was, or give the id where nobody knows the name', () => {
    const names = new Map([['key_1', 'ci']]);

    expect(actorWords({ kind: 'api_key', id: 'key_1' }, names)).toEqual({ who: 'ci', kind: 'API key' });
    expect(actorWords({ kind: 'person', id: 'per_9' }, names)).toEqual({ who: 'per_9', kind: 'person' });
  });

  it('lead to where an object can be seen', () => {
    expect([objectPath({ kind: 'connection', id: 'conn_1' }), objectPath({ kind: 'tool', id: 'tool_1' })]).toEqual(['/connections/conn_1', null]);
  });
});
