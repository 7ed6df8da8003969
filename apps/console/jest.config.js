import preset from '@patchbay/tooling/jest';

// The preset looks into src and into folders whose name does not begin like it.
export default { ...preset, testMatch: ['<rootDir>/{src,src-server,browser}/**/*.spec.ts'] };
