import { GatewayError, problemOf } from './problem.ts';
import { isJson, request, textOf } from './request.ts';

/** A change may try a secret out at a provider first; longer than the gateway waits for that. */
const REPLY_TIMEOUT_MS = 40_000;

export type Method = 'POST' | 'PATCH' | 'DELETE';

/** Changes something through the REST API and returns what the gateway answered. Throws GatewayError. */
export async function send<T>(method: Method, path: string, apiKey: string | null, body: unknown = {}): Promise<T> {
  const reply = await request(path, { apiKey, signal: AbortSignal.timeout(REPLY_TIMEOUT_MS), method, body });
  const text = await textOf(reply);
  if (!reply.ok) throw new GatewayError(problemOf(reply.status, text));
  if (!isJson(reply)) throw new GatewayError(problemOf(reply.status, ''));
  return JSON.parse(text) as T;
}
