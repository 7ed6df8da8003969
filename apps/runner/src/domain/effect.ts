export * from '@patchbay/contracts/effect';
