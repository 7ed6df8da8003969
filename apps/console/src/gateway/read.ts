import { GatewayError, problemOf } from './problem.ts';
import { isJson, request, textOf } from './request.ts';

/** Above the longest the gateway takes for a page of sessions, so that its own typed answer comes first. */
const REPLY_TIMEOUT_MS = 15_000;

/** Reads one resource of the REST API; the text that comes back is JSON. Throws GatewayError. */
export async function read(path: string, apiKey: string | null, stopped: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(REPLY_TIMEOUT_MS)]);
  const reply = await request(path, { apiKey, signal });
  const text = await textOf(reply);
  if (!reply.ok) throw new GatewayError(problemOf(reply.status, text));
  // A server that knows no such route may answer with a page of its own and 200.
  if (!isJson(reply)) throw new GatewayError(problemOf(reply.status, ''));
  return text;
}
