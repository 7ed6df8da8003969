import type { Session } from '@patchbay/contracts/calls';
import { ServiceError } from '@patchbay/contracts/errors';
import type { SessionRow } from '../outside/session.repository.ts';

export function toSession(row: SessionRow): Session {
  return {
    sessionId: row.session_id,
    edgeId: row.edge_id,
    agentId: row.agent_id,
    agentName: row.agent_name,
    agentVersion: row.version_id,
    channel: row.channel,
    direction: row.direction,
    callerNumber: row.caller_number,
    calledNumber: row.called_number,
    edgeCallId: row.edge_call_id,
    state: row.state,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    endReason: row.end_reason,
    turns: row.turns,
  };
}

/** Why a session takes no more reports: another edge's session is as unknown as one that never was. */
export function refusal(sessionId: string, edgeId: string, row: SessionRow | null): ServiceError {
  if (row?.edge_id === edgeId && row.state === 'ended') {
    const problem = `ended at ${row.ended_at?.toISOString()} (${row.end_reason})`;
    return ServiceError.fields('session_ended', `The session ${sessionId} has ended.`, [{ path: 'sessionId', problem }]);
  }
  return unknownSession(sessionId);
}

export function unknownSession(sessionId: string): ServiceError {
  return ServiceError.fields('session_not_found', `There is no session ${sessionId}.`, [
    { path: 'sessionId', problem: 'is not a session of this organization and edge' },
  ]);
}
