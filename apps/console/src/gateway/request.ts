import { GatewayError } from './problem.ts';

export interface Asked {
  /** Null: the cookie of a sign-in, which the browser adds, is the proof. */
  apiKey: string | null;
  signal: AbortSignal;
  method?: string;
  body?: unknown;
}

/** One request to the gateway; whatever it answers is an answer. Throws GatewayError when nobody does. */
export async function request(path: string, { apiKey, signal, method = 'GET', body }: Asked): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (apiKey !== null) headers.set('authorization', `Bearer ${apiKey}`);
  // On a page without TLS the browser does not say by itself that the request comes from this origin.
  if (method !== 'GET') headers.set('patchbay-csrf', '1');
  if (body !== undefined) headers.set('content-type', 'application/json');
  try {
    return await fetch(path, { method, headers, signal, cache: 'no-store', ...(body !== undefined && { body: JSON.stringify(body) }) });
  } catch (error) {
    throw new GatewayError({ kind: 'unreachable', message: 'The gateway does not answer.' }, error);
  }
}

/** The whole answer as text. Throws GatewayError when it is cut off. */
export function textOf(reply: Response): Promise<string> {
  return whole(reply.text());
}

/** The whole answer as a file. Throws GatewayError when it is cut off. */
export function fileOf(reply: Response): Promise<Blob> {
  return whole(reply.blob());
}

async function whole<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new GatewayError({ kind: 'unreachable', message: 'The answer was cut off before its end.' }, error);
  }
}

export function isJson(reply: Response): boolean {
  return reply.headers.get('content-type')?.includes('application/json') ?? false;
}
