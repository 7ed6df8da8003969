import type { ObjectSchema, RecordedTool } from './conversation.ts';
import type { ProviderScript } from './provider-script.ts';

export interface ProviderRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One request as the provider saw it. */
export interface Receipt {
  /** The recorded call it stands for; null when it matches none. */
  callId: string | null;
  tool: string;
  method: string;
  /** After they were read back from the query or the body. */
  arguments: unknown;
  authorization: 'valid' | 'missing' | 'wrong';
  headers: { idempotencyKey: string | null; webhookId: string | null; traceparent: string | null };
  /** What was wrong with it, in words. */
  problem: string | null;
}

export interface ProviderReply {
  status: number;
  contentType: string;
  body: string;
}

export interface ProviderSetup {
  tools: RecordedTool[];
  /** The only bearer secret that is accepted. */
  secret: string;
}

/** Judges and answers one request: 401 without the secret, 404 if no recorded call fits, else the recorded answer. */
export function answerRequest(
  setup: ProviderSetup,
  script: ProviderScript,
  request: ProviderRequest,
): { receipt: Receipt; reply: ProviderReply } {
  const url = new URL(request.url, 'http://provider');
  const name = decodeURIComponent(url.pathname.slice(1));
  const tool = setup.tools.find((known) => known.name === name);
  const receipt: Receipt = {
    callId: null,
    tool: name,
    method: request.method,
    arguments: null,
    authorization: judgeSecret(request.headers.authorization, setup.secret),
    headers: headersOf(request),
    problem: null,
  };
  if (receipt.authorization !== 'valid')
    return refuse(receipt, 401, `the authorization header is ${receipt.authorization}`);
  if (!tool) return refuse(receipt, 404, 'there is no such path');
  if (tool.method !== request.method)
    return refuse(receipt, 405, `the method is ${request.method}, set up was ${tool.method}`);
  const sent = readArguments(tool, url.searchParams, request.body);
  if (sent instanceof SyntaxError) return refuse(receipt, 400, `the body is not JSON (${sent.message})`);
  receipt.arguments = sent;
  const call = script.match(name, sent);
  if (call) return { receipt: { ...receipt, callId: call.callId }, reply: call.answer };
  const awaited = JSON.stringify(script.awaited(name).map((other) => other.arguments));
  return refuse(receipt, 404, `no recorded call has the arguments ${JSON.stringify(sent)}; awaited were ${awaited}`);
}

function refuse(receipt: Receipt, status: number, problem: string): { receipt: Receipt; reply: ProviderReply } {
  const body = JSON.stringify({ error: problem });
  return { receipt: { ...receipt, problem }, reply: { status, contentType: 'application/json', body } };
}

function judgeSecret(header: string | string[] | undefined, secret: string): Receipt['authorization'] {
  if (header === undefined) return 'missing';
  return header === `Bearer ${secret}` ? 'valid' : 'wrong';
}

function headersOf({ headers }: ProviderRequest): Receipt['headers'] {
  const one = (name: string) => headers[name]?.toString() ?? null;
  return { idempotencyKey: one('idempotency-key'), webhookId: one('webhook-id'), traceparent: one('traceparent') };
}

function readArguments(tool: RecordedTool, query: URLSearchParams, body: string): unknown {
  if (tool.method === 'GET') return readQuery(tool.parameters, query);
  try {
    return body === '' ? {} : (JSON.parse(body) as unknown);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

/** A query is text: a value is compared as what the tool's schema says it is. */
function readQuery(parameters: ObjectSchema, query: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(names.map((name) => [name, readValues(parameters, name, query.getAll(name))]));
}

function readValues(parameters: ObjectSchema, name: string, values: string[]): unknown {
  const [text = ''] = values;
  if (values.length > 1) return values;
  const type = parameters.properties[name]?.type;
  if ((type === 'number' || type === 'integer') && text.trim() !== '') return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
