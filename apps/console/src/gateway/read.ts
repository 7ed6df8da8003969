import { GatewayError, problemOf } from './problem.ts';

/** Above the longest the gateway takes for a page of sessions, so that its own typed answer comes first. */
const REPLY_TIMEOUT_MS = 15_000;

/** Reads one resource of the REST API; the text that comes back is JSON. Throws GatewayError. */
export async function read(path: string, apiKey: string, stopped: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(REPLY_TIMEOUT_MS)]);
  const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json' };
  const { status, ok, isJson, text } = await request(path, { headers, signal, cache: 'no-store' });
  if (!ok) throw new GatewayError(problemOf(status, text));
  // A server that knows no such route may answer with a page of its own and 200.
  if (!isJson) throw new GatewayError(problemOf(status, ''));
  return text;
}

async function request(path: string, options: RequestInit) {
  try {
    const reply = await fetch(path, options);
    const isJson = reply.headers.get('content-type')?.includes('application/json') ?? false;
    return { status: reply.status, ok: reply.ok, isJson, text: await reply.text() };
  } catch (error) {
    throw new GatewayError({ kind: 'unreachable', message: 'The gateway does not answer.' }, error);
  }
}
