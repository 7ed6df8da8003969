import type { ResolvedConnection } from '@patchbay/contracts/credentials';
import type { Attempt } from '@patchbay/contracts/runner';
import type { SendResult } from '@patchbay/egress/send-result';
import { cleanText } from '@patchbay/egress/clean-text';
import type { PlacedRequest } from '@patchbay/egress/place-arguments';

/** What a dashboard shows of a body. */
const PREVIEW_CHARACTERS = 4096;

interface Sending {
  attempt: number;
  startedAt: Date;
  placed: PlacedRequest;
  credential: ResolvedConnection | undefined;
  sent: SendResult;
}

/** The evidence of one request: what was sent and answered, without the secret and without the query. */
export function attemptEvidence({ attempt, startedAt, placed, credential, sent }: Sending): Attempt {
  const answered = sent.kind === 'answered' ? sent : null;
  const queryAt = placed.url.indexOf('?');
  return {
    attempt,
    startedAt: startedAt.toISOString(),
    method: placed.method,
    url: queryAt < 0 ? placed.url : placed.url.slice(0, queryAt),
    requestBytes: placed.body ? Buffer.byteLength(placed.body) : 0,
    requestPreview: placed.body?.slice(0, PREVIEW_CHARACTERS) ?? null,
    status: answered?.status ?? null,
    responseBytes: answered?.decodedBytes ?? null,
    responsePreview: answered ? previewOf(answered.body) : null,
    errorCode: sent.kind === 'failed' ? sent.code : null,
    connectionId: credential?.connectionId ?? null,
    connectionVersion: credential?.version ?? null,
    timings: timingsOf(sent),
  };
}

/** NUL cannot be stored in PostgreSQL's text; `cleanText` removes it with the other unseen characters. */
function previewOf(body: Buffer): string {
  return cleanText(body.subarray(0, PREVIEW_CHARACTERS).toString('utf8'));
}

function timingsOf({ timings }: SendResult): Record<string, number> {
  const stages = {
    dns: timings.dnsMs,
    connect: timings.connectMs,
    tls: timings.tlsMs,
    firstByte: timings.firstByteMs,
    total: timings.totalMs,
  };
  return Object.fromEntries(Object.entries(stages).filter((stage): stage is [string, number] => stage[1] !== undefined));
}
