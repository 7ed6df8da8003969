import { describe, expect, it } from '@jest/globals';
import { requireDistinctNames, STATES, statesBefore, type VersionState } from './agent-version.ts';

const ALLOWED = new Set(['draft → deployed', 'deployed → deployed', 'retired → deployed', 'deployed → retired']);
const PAIRS = STATES.flatMap((from) => STATES.map((to): [VersionState, VersionState] => [from, to]));

describe('the states of a version', () => {
  it.each(PAIRS)('know whether %s may become %s', (from, to) => {
    expect(statesBefore(to).includes(from)).toBe(ALLOWED.has(`${from} → ${to}`));
  });

  it('never lead back to a draft', () => {
    expect(statesBefore('draft')).toEqual([]);
  });
});

describe('the functions of a version', () => {
  const named = (...names: string[]) => names.map((name) => ({ name, toolId: 'tool_1' }));

  it('may share a tool', () => {
    expect(() => requireDistinctNames(named('check_order', 'track_order'))).not.toThrow();
  });

  it('are refused when two have the same name, naming each repeat', () => {
    expect(() => requireDistinctNames(named('a', 'b', 'a', 'a'))).toThrow(
      expect.objectContaining({
        code: 'invalid_arguments',
        details: {
          fields: [
            { path: 'functions.2.name', problem: 'is the name of functions.0 too' },
            { path: 'functions.3.name', problem: 'is the name of functions.0 too' },
          ],
        },
      }),
    );
  });
});
