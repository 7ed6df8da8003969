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
