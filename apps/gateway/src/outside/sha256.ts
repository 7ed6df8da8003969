import { createHash } from 'node:crypto';

/** In hex. Keys and tokens have 256 random bits, so that a slow hash would protect nothing more. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
