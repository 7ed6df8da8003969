import { Module, type DynamicModule } from '@nestjs/common';
import { createHttpSender, type HttpSender } from '@patchbay/egress/http-sender';
import { EdgeHandlers } from './edge.handlers.ts';
import type { Env } from './env.ts';
import { guardProviders } from './guards/guard-providers.ts';
import { AnnounceMenus } from './loops/announce-menus.ts';
import { CancelAtHangUp } from './loops/cancel-at-hang-up.ts';
import { CompileAhead } from './loops/compile-ahead.ts';
import { SweepDeadRunners } from './loops/sweep-dead-runners.ts';
import { VerifyUnknowns } from './loops/verify-unknowns.ts';
import { AgentFunctions } from './outside/agent-functions.ts';
import { AnswerReader } from './outside/answer-reader.ts';
import { AwaitedReports } from './outside/awaited-reports.ts';
import { CallEvents } from './outside/call-events.ts';
import { CallerTurns } from './outside/caller-turns.ts';
import { CallerConsent, SECOND_JUDGE } from './outside/caller-consent.ts';
import { ConnectionReports } from './outside/connection-reports.ts';
import { ConnectionStates } from './outside/connection-states.ts';
import { ConsentRepository } from './outside/consent.repository.ts';
import { CREDENTIAL_CACHE_MS, CredentialCache } from './outside/credential-cache.ts';
import { EndedInvocations } from './outside/ended-invocations.ts';
import { EvidenceWriter } from './outside/evidence-writer.ts';
import { InvocationRepository } from './outside/invocation.repository.ts';
import { LaterOutcomes } from './outside/later-outcomes.ts';
import { LedgerRepository } from './outside/ledger.repository.ts';
import { MenuSource } from './outside/menu-source.ts';
import { ModelJudge } from './outside/model-judge.ts';
import { OrphanedPolls } from './outside/orphaned-polls.ts';
import { Peers } from './outside/peers.ts';
import { PendingRepository } from './outside/pending.repository.ts';
import { Poller } from './outside/poller.ts';
import { ProviderGate } from './outside/provider-gate.ts';
import { Provider } from './outside/provider.ts';
import { RunnerLease } from './outside/runner-lease.ts';
import { RunnerMetrics } from './outside/runner-metrics.ts';
import { RunnerRepository } from './outside/runner.repository.ts';
import { RunningInvocations } from './outside/running-invocations.ts';
import { Seals } from './outside/seals.ts';
import { Sessions } from './outside/sessions.ts';
import { SharedLimits } from './outside/shared-limits.ts';
import { WaitingLines } from './outside/waiting-lines.ts';
import { WriteVerifier } from './outside/write-verifier.ts';
import { Pipeline, STEPS } from './pipeline/pipeline.ts';
import { PollResult } from './pipeline/poll-result.ts';
import { RecordEvidence } from './pipeline/record-evidence.ts';
import { ResolveConflict } from './pipeline/resolve-conflict.ts';
import { ResolveFunction } from './pipeline/resolve-function.ts';
import { VerifyWrite } from './pipeline/verify-write.ts';
import { RehearseConsent } from './rehearsal/rehearse-consent.ts';
import { RunnerHandlers } from './runner.handlers.ts';
import { CancelInvocation } from './use-cases/cancel-invocation.ts';
import { CountSettling } from './use-cases/count-settling.ts';
import { GetInvocation } from './use-cases/get-invocation.ts';
import { ListInvocations } from './use-cases/list-invocations.ts';
import { ListUnavailable } from './use-cases/list-unavailable.ts';
import { OfferAgain } from './use-cases/offer-again.ts';
import { ReportDirective } from './use-cases/report-directive.ts';
import { RunInvocation } from './use-cases/run-invocation.ts';

/** The way of an invocation: found, then step by step (`STEPS`), then what takes longer, then its evidence. */
export const PIPELINE = [ResolveFunction, Pipeline, ...STEPS, ResolveConflict, PollResult, VerifyWrite, RecordEvidence];
const USE_CASES = [RunInvocation, ReportDirective, GetInvocation, CancelInvocation, ListInvocations, CountSettling, OfferAgain, ListUnavailable];
const LOOPS = [SweepDeadRunners, VerifyUnknowns, CancelAtHangUp, AnnounceMenus, CompileAhead];
export const OUTSIDE = [
  Sessions,
  AgentFunctions,
  ConnectionStates,
  ConnectionReports,
  MenuSource,
  CredentialCache,
  RunningInvocations,
  Peers,
  SharedLimits,
  RunnerLease,
  RunnerMetrics,
  RunnerRepository,
  LedgerRepository,
  ConsentRepository,
  CallerConsent,
  CallerTurns,
  RehearseConsent,
  InvocationRepository,
  EndedInvocations,
  EvidenceWriter,
  Seals,
  LaterOutcomes,
  PendingRepository,
  OrphanedPolls,
  Poller,
  ProviderGate,
  AnswerReader,
  WriteVerifier,
  CallEvents,
  WaitingLines,
  AwaitedReports,
];
/** A provider's slowness is bounded by the deadline of each request; this only has to be longer than any of them. */
const HEADERS_TIMEOUT_MS = 600_000;

@Module({})
export class AppModule {
  static with(env: Env): DynamicModule {
    const sender = () =>
      createHttpSender({
        allowNetworks: env.EGRESS_ALLOW_NETWORKS,
        allowHttp: env.EGRESS_ALLOW_HTTP,
        publicPorts: env.EGRESS_PUBLIC_PORTS,
        connectionsPerAgent: env.RUNNER_PROVIDER_CONCURRENT,
        headersTimeoutMs: HEADERS_TIMEOUT_MS,
      });
    return {
      module: AppModule,
      controllers: [EdgeHandlers, RunnerHandlers],
      providers: [
        ...PIPELINE,
        ...USE_CASES,
        ...LOOPS,
        ...OUTSIDE,
        ...guardProviders(env),
        { provide: CREDENTIAL_CACHE_MS, useValue: env.RUNNER_CREDENTIAL_CACHE_MS },
        { provide: SECOND_JUDGE, useFactory: () => secondJudge(env, sender) },
        { provide: Provider, useFactory: () => new Provider(sender()) },
      ],
    };
  }
}

function secondJudge(env: Env, sender: () => HttpSender): ModelJudge | null {
  const { RUNNER_CONSENT_MODEL_URL: url, RUNNER_CONSENT_MODEL: model, RUNNER_CONSENT_MODEL_KEY: key } = env;
  return url ? new ModelJudge(sender(), { url, model, key }) : null;
}
