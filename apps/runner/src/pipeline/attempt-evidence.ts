import type { ResolvedConnection } from '@patchbay/contracts/connections';
import type { Attempt } from '@patchbay/contracts/runner';
import { cleanText } from '@patchbay/egress/clean-text';
import { curlOf } from '@patchbay/egress/curl';
import type { PlacedRequest } from '@patchbay/egress/place-arguments';
import type { ResponseHeaders, SendResult } from '@patchbay/egress/send-result';

/** What a dashboard shows of a body. */
export const PREVIEW_CHARACTERS = 4096;
/** Where providers put the id of what they made or of the request, the most telling first. */
const PROVIDER_ID_HEADERS = ['x-message-id', 'request-id', 'x-request-id', 'x-amzn-requestid', 'cf-ray'];

interface Sending {
  attempt: number;
  kind: Attempt['kind'];
  startedAt: Date;
  placed: PlacedRequest;
  credential: ResolvedConnection | undefined;
}

type RequestPart = 'attempt' | 'kind' | 'startedAt' | 'method' | 'url' | 'requestBytes' | 'requestPreview' | 'connectionId' | 'connectionVersion' | 'curl';

/** What is known of an attempt before it is answered. */
export type RequestEvidence = Pick<Attempt, RequestPart>;

/** The evidence of one request: what was sent, without the secret and without the query. */
export function requestEvidence({ attempt, kind, startedAt, placed, credential }: Sending): RequestEvidence {
  const queryAt = placed.url.indexOf('?');
  return {
    attempt,
    kind,
    startedAt: startedAt.toISOString(),
    method: placed.method,
    url: queryAt < 0 ? placed.url : placed.url.slice(0, queryAt),
    requestBytes: placed.body ? Buffer.byteLength(placed.body) : 0,
    requestPreview: placed.body?.slice(0, PREVIEW_CHARACTERS) ?? null,
    connectionId: credential?.connectionId ?? null,
    connectionVersion: credential?.version ?? null,
    curl: curlOf(placed, Object.keys(credential?.headers ?? {})),
  };
}

/** The same with what came back. */
export function attemptEvidence(request: RequestEvidence, sent: SendResult): Attempt {
  const answered = sent.kind === 'answered' ? sent : null;
  return {
    ...request,
    status: answered?.status ?? null,
    responseBytes: answered?.decodedBytes ?? null,
    wireBytes: answered?.wireBytes ?? null,
    responsePreview: answered ? previewOf(answered.body) : null,
    errorCode: sent.kind === 'failed' ? sent.code : null,
    timings: timingsOf(sent),
    missingFields: [],
    providerMessageId: answered && providerIdOf(answered.headers),
  };
}

/** NUL cannot be stored in PostgreSQL's text; `cleanText` removes it with the other unseen characters. */
function previewOf(body: Buffer): string {
  return cleanText(body.subarray(0, PREVIEW_CHARACTERS).toString('utf8'));
}

function providerIdOf(headers: ResponseHeaders): string | null {
  for (const name of PROVIDER_ID_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 200);
  }
  return null;
}

function timingsOf({ timings }: SendResult): Record<string, number> {
  const stages: Record<string, number> = { total: timings.totalMs };
  if (timings.sentMs !== undefined) stages['queue'] = timings.sentMs;
  if (timings.dnsMs !== undefined) stages['dns'] = timings.dnsMs;
  if (timings.connectMs !== undefined) stages['connect'] = timings.connectMs;
  if (timings.tlsMs !== undefined) stages['tls'] = timings.tlsMs;
  if (timings.firstByteMs !== undefined) stages['firstByte'] = timings.firstByteMs;
  return stages;
}
