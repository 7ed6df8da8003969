import { Module, type DynamicModule, type Provider as NestProvider, type Type } from '@nestjs/common';
import { createHttpSender } from '@patchbay/egress/http-sender';
import { WORKERS, type Transaction } from '@patchbay/service-kit/database/database';
import { z } from 'zod';
import { OUTSIDE, PIPELINE } from '../app.module.ts';
import { CallerWords } from '../arguments/caller-words.ts';
import { guardEnv } from '../guards/guard-env.ts';
import { guardProviders } from '../guards/guard-providers.ts';
import { AgentFunctions } from '../outside/agent-functions.ts';
import { CallEvents } from '../outside/call-events.ts';
import { SECOND_JUDGE } from '../outside/caller-consent.ts';
import { CallerTurns } from '../outside/caller-turns.ts';
import { ConnectionReports } from '../outside/connection-reports.ts';
import { ConnectionStates } from '../outside/connection-states.ts';
import { CredentialCache } from '../outside/credential-cache.ts';
import { InvocationRepository } from '../outside/invocation.repository.ts';
import { Peers } from '../outside/peers.ts';
import { Provider } from '../outside/provider.ts';
import { RunnerLease } from '../outside/runner-lease.ts';
import { Sessions } from '../outside/sessions.ts';
import { SharedLimits } from '../outside/shared-limits.ts';
import { RunInvocation } from '../use-cases/run-invocation.ts';
import { RehearseConsent } from './rehearse-consent.ts';
import type { Stage } from './stage.ts';
import { UnkeptInvocations } from './unkept-record.ts';

const HEADERS_TIMEOUT_MS = 10_000;
/** The defaults, whatever is set for real calls; a machine that is busy starting everything is no overload. */
const GUARDS = z.object(guardEnv).parse({ RUNNER_EVENT_LOOP_LAG_MS: 0 });

/** The way of an invocation as in `AppModule`, from its arrival to its evidence; what would reach anybody else is the stage's. */
@Module({})
export class RehearsalModule {
  static with(stage: Stage, unkept: Transaction): DynamicModule {
    const { agent, connection } = stage;
    const sender = createHttpSender({
      allowNetworks: ['127.0.0.1/32'],
      allowHttp: true,
      publicPorts: [],
      connectionsPerAgent: GUARDS.RUNNER_PROVIDER_CONCURRENT,
      headersTimeoutMs: HEADERS_TIMEOUT_MS,
    });
    return {
      module: RehearsalModule,
      providers: [
        ...PIPELINE,
        RunInvocation,
        ...OUTSIDE,
        ...guardProviders(GUARDS),
        { provide: Provider, useFactory: () => new Provider(sender) },
        { provide: SECOND_JUDGE, useValue: null },
        { provide: WORKERS, useValue: { manager: unkept } },
        { provide: InvocationRepository, useClass: UnkeptInvocations },
        inPlaceOf(Sessions, { get: (_organization, sessionId) => stage.session(sessionId) }),
        inPlaceOf(AgentFunctions, { get: () => agent }),
        inPlaceOf(ConnectionStates, { get: () => undefined }),
        inPlaceOf(CredentialCache, { get: () => connection }),
        inPlaceOf(ConnectionReports, { tell: () => undefined }),
        inPlaceOf(CallerTurns, { of: () => CallerWords.NOBODY }),
        inPlaceOf(CallEvents, {}),
        inPlaceOf(RunnerLease, { runnerId: stage.runnerId, term: 1, holds: true, holdsSince: () => true }),
        inPlaceOf(Peers, {}),
        inPlaceOf(SharedLimits, {}),
        inPlaceOf(RehearseConsent, {}),
      ],
    };
  }
}

function inPlaceOf<T>(provide: Type<T>, part: Partial<T>): NestProvider {
  return { provide, useValue: part };
}
