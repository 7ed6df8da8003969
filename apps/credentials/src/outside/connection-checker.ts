import { Injectable } from '@nestjs/common';
import type { ConnectionCheck } from '@patchbay/contracts/connection-kinds';
import { joinHeaders } from '@patchbay/egress/answer-view';
import { authorizeRequest } from '@patchbay/egress/authorize-request';
import { CredentialRefused } from '@patchbay/egress/credential-refused';
import { compileJudge } from '@patchbay/egress/judge-answer';
import { readBody } from '@patchbay/egress/read-body';
import type { Answered } from '@patchbay/egress/send-result';
import { findingOf, scopesOf, type Finding } from '../domain/connection-check.ts';
import { isWithin } from '../domain/connection-origins.ts';
import type { StoredConnection } from '../domain/connection.ts';
import { OutgoingHttp } from './outgoing-http.ts';

/** Whoever stores a secret waits for it, and gives up after five seconds. */
export const CHECK_TIMEOUT_MS = 4_000;
/** A check asks for something small; of more than this nothing need be known. */
const MAX_ANSWER_BYTES = 262_144;

const CANNOT_BE_SENT: Finding = {
  kind: 'trouble',
  text: 'The check cannot be sent with this secret: it would travel in the open, or stands in the URL of the check.',
  fault: 'organization',
};

const NOT_FOR_IT: Finding = {
  kind: 'trouble',
  text: 'The check leads to an address that is not among the origins of the connection; nothing was sent.',
  fault: 'organization',
};

type Tried = Pick<StoredConnection, 'organizationId' | 'connectionId' | 'grantedScopes' | 'origins'> & { check: ConnectionCheck };

/** Asks a provider whether it accepts a connection, by the request that the connection names for it. */
@Injectable()
export class ConnectionChecker {
  constructor(private readonly http: OutgoingHttp) {}

  /** Null when the service is stopping: nothing was learned. */
  async check({ organizationId, connectionId, grantedScopes, origins, check }: Tried, credential: Record<string, string>): Promise<Finding | null> {
    const { method, url } = check;
    if (!isWithin(origins, url)) return NOT_FOR_IT;
    const headers = headersOf(check, credential);
    if (headers === null) return CANNOT_BE_SENT;
    const result = await this.http.send({
      key: `${organizationId}:${connectionId}`,
      method,
      url,
      headers,
      deadlineMs: CHECK_TIMEOUT_MS,
      maxWireBytes: MAX_ANSWER_BYTES,
      maxDecodedBytes: MAX_ANSWER_BYTES,
    });
    if (result.kind === 'answered') return judged(result, check, grantedScopes !== null);
    if (result.code === 'cancelled') return null;
    const fault = result.code === 'egress_blocked' ? 'organization' : 'provider';
    return { kind: 'trouble', text: `The provider could not be reached for the check: ${result.message}.`, fault };
  }
}

/** Null when what the connection holds must not travel in such a request, as a password over plain http. */
function headersOf({ method, url }: ConnectionCheck, credential: Record<string, string>): Record<string, string> | null {
  try {
    return authorizeRequest({ method, url, headers: { accept: 'application/json', 'user-agent': 'Patchbay/1' } }, credential);
  } catch (error) {
    if (!(error instanceof CredentialRefused)) throw error;
    return null;
  }
}

function judged(answer: Answered, { success, scopesHeader }: ConnectionCheck, scopesKnown: boolean): Finding {
  const { status, headers, redirectRefused } = answer;
  const isSuccess = !redirectRefused && compileJudge({ success })(answer, readBody(answer).value).kind === 'success';
  const scopes = scopesHeader === undefined ? null : scopesOf(joinHeaders(headers)[scopesHeader.toLowerCase()]);
  return findingOf({ status, success: isSuccess, scopes }, scopesKnown);
}
