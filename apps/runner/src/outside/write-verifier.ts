import { Injectable } from '@nestjs/common';
import type { ResolvedConnection } from '@patchbay/contracts/connections';
import type { Attempt } from '@patchbay/contracts/runner';

import type { Finding } from '../domain/verification.ts';
import { attemptEvidence, requestEvidence } from '../pipeline/attempt-evidence.ts';
import { buildRequest, type RequestOrigin } from '../pipeline/build-request.ts';
import { namedInUrl } from '../pipeline/named-in-url.ts';
import { viewOf } from '../pipeline/view-answer.ts';
import type { CompiledFunction } from './agent-functions.ts';
import { ProviderGate } from './provider-gate.ts';
import { Provider } from './provider.ts';

export interface Look {
  called: CompiledFunction;
  arguments: Record<string, unknown>;
  origin: RequestOrigin;
  credential: ResolvedConnection | undefined;
  deadlineMs: number;
  attempt: number;
}

/** Asks the provider, with the read that the action declares, whether a write happened. */
@Injectable()
export class WriteVerifier {
  constructor(
    private readonly provider: Provider,
    private readonly gate: ProviderGate,
  ) {}

  async look({ called, arguments: args, origin, credential, deadlineMs, attempt }: Look): Promise<{ finding: Finding; evidence: Attempt | null }> {
    const { verify } = called;
    if (!verify) return { finding: 'not_known', evidence: null };
    const startedAt = new Date();
    const wanted = { ...args, intentId: origin.intentId, invocationId: origin.invocationId };
    const placed = buildRequest({ http: verify.http, arguments: namedInUrl(verify.http.url, wanted), origin: { ...origin, intentId: null }, credential, at: startedAt });
    if ('status' in placed) return { finding: 'not_known', evidence: null };
    const admitted = await this.gate.enter(called, origin.organizationId, deadlineMs, 'read');
    if ('status' in admitted) return { finding: 'not_known', evidence: null };
    const sent = await this.provider.send({ key: `${origin.organizationId} ${called.connectionId ?? called.toolId}`, ...placed, deadlineMs });
    admitted.leave(sent, deadlineMs);
    const evidence = attemptEvidence(requestEvidence({ attempt, kind: 'verify', startedAt, placed, credential }), sent);
    if (sent.kind === 'failed') return { finding: 'not_known', evidence };
    const view = viewOf(sent);
    if (verify.isDone(view)) return { finding: 'done', evidence };
    return { finding: verify.isNotDone?.(view) ? 'not_done' : 'not_known', evidence };
  }
}
