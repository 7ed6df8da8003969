import { ServiceError } from '@patchbay/contracts/errors';
import { ownPath } from './own-path.ts';

/** Where a browser goes on. */
export interface SentOn {
  url: string;
}

/**
 * A browser that comes back from another site is shown a page, not JSON: a refusal becomes `/?problem=<words>`. What is not a refusal is
 * thrown on, and logged.
 */
export async function sentBack(finish: () => Promise<SentOn>): Promise<SentOn> {
  try {
    return await finish();
  } catch (error) {
    if (error instanceof ServiceError) return { url: ownPath('/', { problem: error.message }) };
    throw error;
  }
}
