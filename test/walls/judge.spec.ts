import { describe, expect, it } from '@jest/globals';
import { judge } from './judge.ts';

const things = { connection: 'conn_a', tool: 'tool_a' };
const answer = { what: 'GET /x', sent: { connectionId: 'conn_a' }, code: undefined, text: '{}' };

describe('an answer to somebody else', () => {
  it('that shows a name of the organization is a leak', () => {
    expect(judge({ ...answer, text: '{"name":"edge marker1"}' }, things, 'marker1').leaks).toHaveLength(1);
  });

  it('that shows an id which was not asked for is a leak', () => {
    expect(judge({ ...answer, text: '{"toolId":"tool_a"}' }, things, 'marker1').leaks).toHaveLength(1);
  });

  it('that repeats the id it was asked for is none', () => {
    expect(judge({ ...answer, code: 'not_found', text: 'There is no conn_a.' }, things, 'marker1')).toEqual({ leaks: [], unexercised: null });
  });

  it('that refuses the form of the request says nothing about the wall', () => {
    const details = { fields: [{ path: 'name', problem: 'is missing' }] };

    expect(judge({ ...answer, code: 'invalid_arguments', details }, things, 'marker1').unexercised).toContain('GET /x');
  });

  it('that says there is no such thing says something about the wall', () => {
    const details = { fields: [{ path: 'functions.0.toolId', problem: 'is no tool' }] };
    const sent = { functions: [{ toolId: 'tool_a' }] };

    expect(judge({ ...answer, sent, code: 'invalid_arguments', details }, things, 'marker1').unexercised).toBeNull();
  });
});
