import type { Session } from '@patchbay/contracts/calls';
import { ServiceError } from '@patchbay/contracts/errors';

/** Why a session takes no more reports: another edge's session is as unknown as one that never was. */
export function refusal(sessionId: string, edgeId: string, session: Session | null): ServiceError {
  if (session?.edgeId === edgeId && session.state === 'ended') {
    const problem = `ended at ${session.endedAt} (${session.endReason})`;
    return ServiceError.fields('session_ended', `The session ${sessionId} has ended.`, [{ path: 'sessionId', problem }]);
  }
  return unknownSession(sessionId);
}

export function unknownSession(sessionId: string): ServiceError {
  return ServiceError.fields('session_not_found', `There is no session ${sessionId}.`, [
    { path: 'sessionId', problem: 'is not a session of this organization and edge' },
  ]);
}
