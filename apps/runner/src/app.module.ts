import { Module, type DynamicModule } from '@nestjs/common';
import { createHttpSender } from '@patchbay/egress/http-sender';
import { EdgeHandlers } from './edge.handlers.ts';
import type { Env } from './env.ts';
import { AgentFunctions } from './outside/agent-functions.ts';
import { CREDENTIAL_CACHE_MS, CredentialCache } from './outside/credential-cache.ts';
import { EvidenceWriter } from './outside/evidence-writer.ts';
import { InvocationRepository } from './outside/invocation.repository.ts';
import { Provider } from './outside/provider.ts';
import { RunningInvocations } from './outside/running-invocations.ts';
import { Sessions } from './outside/sessions.ts';
import { CheckArguments } from './pipeline/check-arguments.ts';
import { CommitIntent } from './pipeline/commit-intent.ts';
import { ReadResult } from './pipeline/read-result.ts';
import { RecordEvidence } from './pipeline/record-evidence.ts';
import { ResolveCredential } from './pipeline/resolve-credential.ts';
import { ResolveFunction } from './pipeline/resolve-function.ts';
import { SendAttempt } from './pipeline/send-attempt.ts';
import { RunnerHandlers } from './runner.handlers.ts';
import { CancelInvocation } from './use-cases/cancel-invocation.ts';
import { CountSettling } from './use-cases/count-settling.ts';
import { GetInvocation } from './use-cases/get-invocation.ts';
import { ListInvocations } from './use-cases/list-invocations.ts';
import { RunInvocation } from './use-cases/run-invocation.ts';

/** The steps of an invocation, in the order they happen. */
const PIPELINE = [
  ResolveFunction,
  CheckArguments,
  CommitIntent,
  ResolveCredential,
  SendAttempt,
  ReadResult,
  RecordEvidence,
];

@Module({})
export class AppModule {
  static with(env: Env): DynamicModule {
    return {
      module: AppModule,
      controllers: [EdgeHandlers, RunnerHandlers],
      providers: [
        ...PIPELINE,
        RunInvocation,
        GetInvocation,
        CancelInvocation,
        ListInvocations,
        CountSettling,
        Sessions,
        AgentFunctions,
        CredentialCache,
        { provide: CREDENTIAL_CACHE_MS, useValue: env.RUNNER_CREDENTIAL_CACHE_MS },
        RunningInvocations,
        InvocationRepository,
        EvidenceWriter,
        {
          provide: Provider,
          useFactory: () =>
            new Provider(
              createHttpSender({ allowNetworks: env.EGRESS_ALLOW_NETWORKS, allowHttp: env.EGRESS_ALLOW_HTTP, connectionsPerAgent: 256 }),
            ),
        },
      ],
    };
  }
}
