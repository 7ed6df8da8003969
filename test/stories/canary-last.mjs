import Sequencer from '@jest/test-sequencer';

/** The story of the canary looks for the secrets of all others, so it comes after them. */
export default class CanaryLast extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => Number(isCanary(a)) - Number(isCanary(b)));
  }
}

function isCanary({ path }) {
  return path.endsWith('stories/canary.spec.ts');
}
