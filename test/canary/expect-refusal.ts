import type { Api } from './api.ts';

/** Throws when a request that is wrong is not told so. */
export async function expectRefusal(api: Api, key: string, method: string, path: string, body?: unknown): Promise<void> {
  const { status } = await api.ask(key, method, path, body);
  if (status < 400 || status >= 500) throw new Error(`${method} ${path} was answered ${status}, where it should have been refused.`);
}
