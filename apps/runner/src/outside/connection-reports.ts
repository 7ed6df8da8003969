import { Inject, Injectable } from '@nestjs/common';
import type { ResolvedConnection } from '@patchbay/contracts/connections';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import type { OutcomeErrorCode } from '@patchbay/contracts/outcome';
import type { Answered } from '@patchbay/egress/send-result';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { CredentialCache } from './credential-cache.ts';

export interface ConnectionUse {
  organizationId: string;
  invocationId: string;
  credential: ResolvedConnection;
  answer: Answered;
  /** What the answer meant; null when it was a success. */
  code: OutcomeErrorCode | null;
  /** The version that was refused before this one was tried in its place. */
  refusedBefore: number | null;
}

type Use = RequestOf<typeof credentials.reportUse>['use'];

/** "It works" is news once a minute; that it does not is news each time. */
const WORKED_EVERY_MS = 60_000;
const MAX_REMEMBERED = 10_000;
const REFUSED = new Set<OutcomeErrorCode>(['credential_invalid', 'credential_expired']);

/** Tells the owner of connections what providers make of them in real calls, behind the reply: no check is as good as that. */
@Injectable()
export class ConnectionReports {
  readonly #workedAt = new Map<string, number>();

  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly cache: CredentialCache,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  tell(used: ConnectionUse): void {
    const { organizationId, credential, answer, invocationId, refusedBefore } = used;
    const { connectionId } = credential;
    const use = useOf(used);
    // Both were refused: that is about the one which should have worked.
    const version = use === 'refused' ? (refusedBefore ?? credential.version) : credential.version;
    if (!use || (use === 'worked' && this.#isKnown(`${connectionId} ${version}`))) return;
    if (use === 'refused') this.cache.drop(organizationId, connectionId);
    this.#report({ organizationId, connectionId, version, use, byFallback: use === 'refused' && credential.fallback !== null, status: answer.status, invocationId });
  }

  #report(report: RequestOf<typeof credentials.reportUse>): void {
    const { connectionId, use } = report;
    this.credentialsClient
      .reportUse(report)
      .catch((err: unknown) => this.logger.warn({ err, connectionId, use }, 'the use of a connection could not be reported'));
  }

  #isKnown(key: string): boolean {
    const now = performance.now();
    if (now - (this.#workedAt.get(key) ?? -Infinity) < WORKED_EVERY_MS) return true;
    if (this.#workedAt.size >= MAX_REMEMBERED) this.#workedAt.clear();
    this.#workedAt.set(key, now);
    return false;
  }
}

function useOf({ answer, code }: ConnectionUse): Use | null {
  if (answer.status === 401 || (code && REFUSED.has(code))) return 'refused';
  // A bare 403 may be about the one thing that was asked for.
  if (answer.status === 403 ? lacksScope(answer) : code === 'scope_missing') return 'lacks_scope';
  return code === null ? 'worked' : null;
}

/** RFC 6750, 3.1. */
function lacksScope({ headers }: Answered): boolean {
  return /\binsufficient_scope\b/.test(String(headers['www-authenticate'] ?? ''));
}
