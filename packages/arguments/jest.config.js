export { default } from '@patchbay/tooling/jest';
