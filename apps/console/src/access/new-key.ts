import type { ApiKey } from '@patchbay/contracts/access';

/** A key that has just been made, with itself. */
export type NewKey = ApiKey & { apiKey: string };
