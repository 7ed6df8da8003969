import type { Session } from '@patchbay/contracts/calls';
import { ServiceError } from '@patchbay/contracts/errors';

/** The runners hold the variables of every live call in memory: 10,000 calls are then at most 160 MiB. */
const VARIABLES_MAX_BYTES = 16 * 1024;

export function requireSmallVariables(variables: Record<string, unknown>): void {
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes <= VARIABLES_MAX_BYTES) return;
  const problem = `are ${bytes} bytes of JSON, at most ${VARIABLES_MAX_BYTES} are taken`;
  throw ServiceError.fields('invalid_arguments', `variables: ${problem}.`, [{ path: 'variables', problem }]);
}

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
