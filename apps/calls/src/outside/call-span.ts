import { trace } from '@opentelemetry/api';
import { ATTR } from '@patchbay/service-kit/telemetry/names';

/** Names the call on the span of the message being handled, so that a session's spans can be found. Returns its trace id. */
export function describeCall(call: { sessionId: string; turnId?: string; agentId?: string; agentVersion?: string }): string {
  const span = trace.getActiveSpan();
  span?.setAttributes({
    [ATTR.conversationId]: call.sessionId,
    [ATTR.sessionId]: call.sessionId,
    ...(call.turnId ? { [ATTR.turnId]: call.turnId } : {}),
    ...(call.agentId ? { [ATTR.agentId]: call.agentId } : {}),
    ...(call.agentVersion ? { [ATTR.agentVersion]: call.agentVersion } : {}),
  });
  return span?.spanContext().traceId ?? '';
}

/** Counts claims on the span of their turn, by effect; the words stay in the database. */
export function countUnbackedClaims(effects: string[]): void {
  const span = trace.getActiveSpan();
  span?.setAttribute('patchbay.unbacked_claims', effects.length);
  for (const effect of effects) span?.addEvent('patchbay.unbacked_claim', { effect });
}

export function countUncheckedClaims(): void {
  trace.getActiveSpan()?.addEvent('patchbay.unchecked_claims');
}
