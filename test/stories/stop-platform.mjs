import { rm } from 'node:fs/promises';

export default async function stopPlatform() {
  if (!globalThis.storyStack) return;
  await globalThis.storyStack.stop();
  await rm(globalThis.storyFolder, { recursive: true, force: true });
}
