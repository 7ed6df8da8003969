import { rm } from 'node:fs/promises';

export default async function stopPlatform() {
  if (!globalThis.storyStack) return;
  await globalThis.storyStack.stop();
  if (!process.env.PATCHBAY_TEST_KEEP) await rm(globalThis.storyFolder, { recursive: true, force: true });
}
