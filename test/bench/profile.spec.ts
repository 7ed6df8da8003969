import { describe, expect, it } from '@jest/globals';
import { sharesOf } from './profile.ts';

const ROOT = 'file:///somewhere';
const PG = `${ROOT}/node_modules/.pnpm/pg@8.0.0/node_modules/pg/lib/client.js`;

function node(id: number, functionName: string, url = '', children: number[] = []) {
  return { id, callFrame: { functionName, url }, children };
}

describe('sharesOf', () => {
  it('charges what Node does to whoever called it, and leaves out the time in which nothing was done', () => {
    const nodes = [
      node(1, '(root)', '', [2, 3, 6, 7]),
      node(2, '(idle)'),
      node(3, 'invoke', `${ROOT}/apps/runner/dist/run.js`, [4]),
      node(4, 'query', PG, [5]),
      node(5, 'writev', 'node:internal/stream'),
      node(6, '(garbage collector)'),
      node(7, 'onStreamRead', 'node:internal/stream'),
    ];
    const profile = { nodes, samples: [2, 3, 4, 5, 6, 7], timeDeltas: [900, 10, 20, 30, 30, 10] };
    expect(sharesOf(profile)).toEqual([
      { area: 'PostgreSQL client', share: 0.5 },
      { area: 'garbage collector', share: 0.3 },
      { area: 'runner', share: 0.1 },
      { area: 'Node itself', share: 0.1 },
    ]);
  });

  it('tells a package of ours from the folder that is installed below it', () => {
    const nodes = [
      node(1, '(root)', '', [2, 3]),
      node(2, 'run', `${ROOT}/packages/service-kit/dist/messaging/answer.js`),
      node(3, 'other', `${ROOT}/packages/service-kit/node_modules/@scope/thing/index.js`),
    ];
    expect(sharesOf({ nodes, samples: [2, 3], timeDeltas: [3, 1] })).toEqual([
      { area: 'service-kit', share: 0.75 },
      { area: '@scope/thing', share: 0.25 },
    ]);
  });
});
