import { createHash } from 'node:crypto';

/** The secret of a story: of this run, so that what is found of it was written by this run, and known to whoever looks for all of them. */
export function secretOf(story: string): string {
  return createHash('sha256').update(`${process.env['PATCHBAY_STORY_DATA']} ${story}`).digest('base64url');
}

/** Every story whose connections have a secret. */
export const STORIES = ['bad input', 'console', 'one call', 'restart'];
