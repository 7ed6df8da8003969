import { createHash } from 'node:crypto';
import { rememberSecret } from '../../packages/testing/src/kept-run.ts';

/** The secret of a story: of this run, so that what is found of it was written by this run, and known to whoever looks for all of them. */
export function secretOf(story: string): string {
  return rememberSecret('stories', createHash('sha256').update(`${process.env['PATCHBAY_STORY_DATA']} ${story}`).digest('base64url'));
}

/** Every secret of a story. */
export const STORIES = ['bad input', 'console', 'console, refused', 'console, first', 'console, next', 'one call', 'restart'];
