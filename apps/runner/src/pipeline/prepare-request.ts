import type { ResolvedConnection } from '@patchbay/contracts/connections';
import type { PlacedRequest } from '@patchbay/egress/place-arguments';
import type { Verdict } from '../domain/verdict.ts';
import { buildRequest, type PreparedRequest } from './build-request.ts';
import type { Invocation } from './invocation.ts';

/** The request of an invocation, or why its arguments or its connection cannot make one. */
export function prepareRequest(invocation: Invocation, credential: ResolvedConnection | undefined): PreparedRequest | Verdict {
  const { function: called, origin, intent, shownArguments } = invocation;
  const parts = { http: called!.http!, idempotency: called!.idempotency, origin, credential, at: new Date() };
  const placed = buildRequest({ ...parts, arguments: invocation.arguments });
  if ('status' in placed) return placed;
  const masked = shownArguments ? buildRequest({ ...parts, arguments: shownArguments }) : placed;
  return { placed, shown: 'status' in masked ? withoutContent(placed) : masked, credential, intent };
}

/** Masked values may not fit where the real ones go: then nothing of the arguments is kept. */
function withoutContent({ method, url }: PlacedRequest): PlacedRequest {
  return { method, url: new URL(url).origin, headers: {} };
}
