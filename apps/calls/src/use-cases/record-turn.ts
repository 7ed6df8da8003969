import { Inject, Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { edge, UnbackedClaim } from '@patchbay/contracts/edge';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { storableText } from '@patchbay/service-kit/database/storable-json';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { detectClaims } from '../domain/claims/detect-claims.ts';
import { unbackedClaims } from '../domain/claims/unbacked-claims.ts';
import { refusal } from '../domain/session.ts';
import { countUnbackedClaims, describeCall } from '../outside/call-span.ts';
import { ClaimEvidence } from '../outside/claim-evidence.ts';
import { ClaimMetrics } from '../outside/claim-metrics.ts';
import { ClaimRepository } from '../outside/claim.repository.ts';
import { SessionRepository } from '../outside/session.repository.ts';
import { TurnRepository, type NewTurn } from '../outside/turn.repository.ts';

/** An utterance becomes part of the record of the call; what the agent says is done must have been done. */
@Injectable()
export class RecordTurn {
  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
    private readonly turns: TurnRepository,
    private readonly claims: ClaimRepository,
    private readonly evidence: ClaimEvidence,
    private readonly metrics: ClaimMetrics,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run(input: InputOf<typeof edge.turn>, { organizationId, edgeId }: RequestContext): Promise<ReplyOf<typeof edge.turn>> {
    const turn = rowOf(input, organizationId, describeCall(input));
    const reports = await this.turns.record(this.source, edgeId, turn);
    if (reports === 0) {
      const session = await inOrganization(this.source, organizationId, (tx) => this.sessions.find(tx, organizationId, input.sessionId));
      throw refusal(input.sessionId, edgeId, session);
    }
    const found = turn.role === 'agent' ? await this.#judge(turn) : null;
    if (found && (found.length > 0 || reports > 1)) await this.#keep(turn, found);
    return { turnId: input.turnId, unbackedClaims: found ?? [] };
  }

  /** Null when it cannot be told: what an earlier report of the turn led to then stays. */
  async #judge(turn: NewTurn): Promise<UnbackedClaim[] | null> {
    const claims = detectClaims(turn.text);
    if (claims.length === 0) return [];
    const evidence = await this.evidence.find(turn.org_id, turn.session_id);
    return evidence && unbackedClaims(claims, evidence.invocations, evidence.descriptions);
  }

  async #keep(turn: NewTurn, found: UnbackedClaim[]): Promise<void> {
    await inOrganization(this.source, turn.org_id, (tx) => this.claims.replace(tx, turn, found));
    const effects = found.map(({ effect }) => effect);
    countUnbackedClaims(effects);
    this.metrics.unbacked(effects);
    if (effects.length === 0) return;
    const { org_id: organizationId, session_id: sessionId, turn_id: turnId } = turn;
    this.logger.info({ organizationId, sessionId, turnId, effects }, 'the agent claimed what nothing backs');
  }
}

function rowOf(input: InputOf<typeof edge.turn>, organizationId: string, traceId: string): NewTurn {
  return {
    org_id: organizationId,
    session_id: input.sessionId,
    turn_id: input.turnId,
    index: input.index,
    role: input.role,
    text: storableText(input.text),
    started_at: new Date(input.startedAt),
    ended_at: new Date(input.endedAt),
    interrupted: input.interrupted ?? false,
    timings: (input.timings as Record<string, number> | undefined) ?? null,
    trace_id: traceId,
  };
}
