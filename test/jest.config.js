import preset from '@patchbay/tooling/jest';

const story = { ...preset, reporters: undefined };

/** Stories share one running platform; everything else here needs none. */
export default {
  ...preset,
  testSequencer: '<rootDir>/stories/canary-last.mjs',
  projects: [
    { ...only(story), displayName: 'unit', testMatch: ['<rootDir>/replay/**/*.spec.ts', '<rootDir>/bench/**/*.spec.ts', '<rootDir>/faults/**/*.spec.ts', '<rootDir>/canary/**/*.spec.ts', '<rootDir>/walls/**/*.spec.ts'] },
    {
      ...only(story),
      displayName: 'stories',
      testMatch: ['<rootDir>/stories/**/*.spec.ts'],
      globalSetup: '<rootDir>/stories/start-platform.mjs',
      globalTeardown: '<rootDir>/stories/stop-platform.mjs',
    },
  ],
};

/** What Jest takes per project; the rest stays with the run. */
function only({ rootDir, testEnvironment, extensionsToTreatAsEsm, transform }) {
  return { rootDir, testEnvironment, extensionsToTreatAsEsm, transform };
}
