import type { HttpRequestTemplate, IdempotencyStrategy } from '@patchbay/contracts/action';
import { maySendTo } from '@patchbay/contracts/connection-origins';
import type { ResolvedConnection } from '@patchbay/contracts/connections';
import { authorizeRequest } from '@patchbay/egress/authorize-request';
import { CredentialRefused } from '@patchbay/egress/credential-refused';
import { placeArguments, type PlacedRequest } from '@patchbay/egress/place-arguments';
import { PlacementError } from '@patchbay/egress/placement-error';
import { readRequestPlan } from '@patchbay/egress/request-plan';
import { secretsOfHeaders } from '@patchbay/egress/scrub-secrets';
import { signedHeaders } from '@patchbay/egress/sign';
import type { IntentRef } from '../domain/intent.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import { outsideOrigins } from '../guards/readiness.ts';

/** Whose request it is, for envelopes, signatures and idempotency keys. */
export interface RequestOrigin {
  organizationId: string;
  agentId: string;
  sessionId: string;
  callerNumber: string | null;
  invocationId: string;
  /** Null for a read. */
  intentId: string | null;
  function: string;
}

/** A request as it leaves, and as evidence may show it. */
export interface PreparedRequest {
  placed: PlacedRequest;
  shown: PlacedRequest;
  /** What it was made with: with other ones it would be another request. */
  credential: ResolvedConnection | undefined;
  intent: IntentRef | undefined;
}

export interface RequestParts {
  http: HttpRequestTemplate;
  arguments: Record<string, unknown>;
  origin: RequestOrigin;
  credential: ResolvedConnection | undefined;
  idempotency?: IdempotencyStrategy | undefined;
  at: Date;
}

const ACCEPT = 'application/json, text/plain;q=0.9, */*;q=0.1';

/** The request as it leaves, with what its connection adds; or why these arguments cannot make one, or the connection is not for this address. */
export function buildRequest(parts: RequestParts): PlacedRequest | Verdict {
  try {
    const outside = notForConnection(parts);
    if (outside) return outside;
    return authorized(parts);
  } catch (error) {
    if (error instanceof CredentialRefused) return refused('rejected', 'credential_invalid', `The account cannot be used here: ${error.message}.`);
    if (!(error instanceof PlacementError)) throw error;
    const fields = [{ path: error.argument, problem: error.problem }];
    return refused('rejected', 'invalid_arguments', `The arguments do not fit: ${error.argument} ${error.problem}.`, { fields });
  }
}

/** Every request goes to the origin of its template, which is read once: no URL is taken apart for a call. */
function notForConnection({ http, credential }: RequestParts): Verdict | undefined {
  if (!credential || credential.origins.length === 0) return undefined;
  const { origin } = readRequestPlan(http).url;
  if (maySendTo(credential.origins, origin)) return undefined;
  return refused('rejected', 'egress_blocked', outsideOrigins(origin));
}

function authorized(parts: RequestParts): PlacedRequest {
  const { http, origin, credential, at } = parts;
  const { organizationId, agentId, sessionId, callerNumber, function: tool } = origin;
  const envelope = { tool, organizationId, agentId, sessionId, callerNumber, timestamp: at.toISOString() };
  const placed = placeArguments(http, ownArguments(parts), envelope);
  const headers = { accept: ACCEPT, ...authorizeRequest(placed, credential?.headers), ...idempotencyHeader(parts), ...signature(parts, placed) };
  const secrets = [...secretsOfHeaders(credential?.headers ?? {}), ...(credential?.signingSecrets ?? [])];
  return secrets.length === 0 ? { ...placed, headers } : { ...placed, headers, secrets };
}

/** An id that we choose, or a tag that a verification finds again, is the intent's: it stays the same over all tries. */
function ownArguments({ arguments: args, idempotency, origin: { intentId } }: RequestParts): Record<string, unknown> {
  const isOurs = idempotency?.strategy === 'own_id' || idempotency?.strategy === 'metadata_tag';
  return isOurs && intentId !== null ? { ...args, [idempotency.parameter]: intentId } : args;
}

function idempotencyHeader({ idempotency, origin: { intentId } }: RequestParts): Record<string, string> {
  if (intentId === null) return {};
  return { [idempotency?.strategy === 'header' ? idempotency.header.toLowerCase() : 'idempotency-key']: intentId };
}

function signature({ credential, origin, at }: RequestParts, { body }: PlacedRequest): Record<string, string> {
  const secrets = credential?.signingSecrets ?? [];
  return secrets.length === 0 ? {} : { ...signedHeaders({ id: origin.invocationId, timestamp: at, body: body ?? '', secrets }) };
}
