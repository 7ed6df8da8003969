import preset from '@patchbay/tooling/jest';

// With one worker, these tests would still be running when those of all other packages are done.
export default { ...preset, maxWorkers: 2 };
