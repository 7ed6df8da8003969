import { rm } from 'node:fs/promises';

export default async function stopPlatform() {
  await globalThis.storyStack.stop();
  await rm(globalThis.storyFolder, { recursive: true, force: true });
}
