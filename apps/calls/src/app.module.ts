import { Module } from '@nestjs/common';
import { CallsHandlers } from './calls.handlers.ts';
import { EdgeHandlers } from './edge.handlers.ts';
import { EndOverdueSessions } from './loops/end-overdue-sessions.ts';
import { ClaimEvidence } from './outside/claim-evidence.ts';
import { ClaimMetrics } from './outside/claim-metrics.ts';
import { ClaimRepository } from './outside/claim.repository.ts';
import { Deployments } from './outside/deployments.ts';
import { EdgeRegister } from './outside/edge-register.ts';
import { HeardRepository } from './outside/heard.repository.ts';
import { OfferRepository } from './outside/offer.repository.ts';
import { RehearseClaims } from './outside/rehearse-claims.ts';
import { ResultOffers } from './outside/result-offers.ts';
import { SessionFeed } from './outside/session-feed.ts';
import { SessionInvocations } from './outside/session-invocations.ts';
import { SessionRepository } from './outside/session.repository.ts';
import { TurnRepository } from './outside/turn.repository.ts';
import { UnavailableFunctions } from './outside/unavailable-functions.ts';
import { UnknownOperations } from './outside/unknown-operations.ts';
import { EndSession } from './use-cases/end-session.ts';
import { GetTimeline } from './use-cases/get-timeline.ts';
import { ListSessions } from './use-cases/list-sessions.ts';
import { ListTurns } from './use-cases/list-turns.ts';
import { RecordHeard } from './use-cases/record-heard.ts';
import { RecordTurn } from './use-cases/record-turn.ts';
import { StartSession } from './use-cases/start-session.ts';

@Module({
  controllers: [EdgeHandlers, CallsHandlers],
  providers: [
    StartSession,
    RecordTurn,
    RecordHeard,
    EndSession,
    ListTurns,
    ListSessions,
    GetTimeline,
    SessionRepository,
    TurnRepository,
    HeardRepository,
    OfferRepository,
    ClaimRepository,
    SessionFeed,
    Deployments,
    EdgeRegister,
    SessionInvocations,
    ClaimEvidence,
    ClaimMetrics,
    RehearseClaims,
    ResultOffers,
    UnavailableFunctions,
    UnknownOperations,
    EndOverdueSessions,
  ],
})
export class AppModule {}
