import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { ApiCaller } from '@patchbay/contracts/access';
import { ACTOR_HEADER } from '@patchbay/contracts/actor';
import { credentials } from '@patchbay/contracts/credentials';
import { ERROR_CODE_HEADER, ServiceError } from '@patchbay/contracts/errors';
import { PERMISSIONS, type Permission } from '@patchbay/contracts/permissions';
import type { Sealed } from '@patchbay/contracts/sealing';
import { startService, type RunningService, type ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { SealingKey } from '@patchbay/service-kit/messaging/sealed';
import { fakeService } from '@patchbay/testing/fake-service';
import { keepAnswer, keepReceived } from '@patchbay/testing/kept-run';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { startNats } from '@patchbay/testing/nats-server';
import { createHash } from 'node:crypto';
import { Env } from '../src/env.ts';
import { define } from '../src/service.ts';

/** May do everything but make organizations. */
export const MEMBER_KEY = KNOWN_SECRETS.apiKey;
/** May do that, too. */
export const OPERATOR_KEY = apiKeyOf('operator');
/** Of a person; whose, tests say. */
export const SESSION = KNOWN_SECRETS.sessionToken;

export interface Asked {
  subject: string;
  input: Record<string, unknown>;
  /** Who caused it, as the message says. */
  actor: unknown;
}

export interface HttpOptions {
  /** An API key or a token; null: none. */
  key?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface RunningGateway {
  service: RunningService;
  nats: NatsConnection;
  organizationId: string;
  /** By key or token, what credentials says of it; tests add their own. `MEMBER_KEY` and `OPERATOR_KEY` are known. */
  callers: Map<string, ApiCaller>;
  /** What credentials was asked, in order; look-ups of callers are in here as well. */
  asked: Asked[];
  /** What only credentials can read. */
  opened(sealed: Sealed): Promise<unknown>;
  fetch(method: string, path: string, options?: HttpOptions): Promise<Response>;
  /** The same, with the body read. */
  http(method: string, path: string, options?: HttpOptions): Promise<{ status: number; body: unknown }>;
  stop(): Promise<void>;
}

export async function runGateway(
  variables: Record<string, string> = {},
  change: (definition: ServiceDefinition) => ServiceDefinition = (same) => same,
): Promise<RunningGateway> {
  const settings = loadEnv('gateway', Env, { GATEWAY_PORT: '0', LOG_LEVEL: 'silent', ...variables });
  const server = await startNats();
  const nats = await connect({ servers: server.url });
  const organizationId = newId('organization');
  const callers = new Map([
    [
      MEMBER_KEY,
      callerOf(
        organizationId,
        PERMISSIONS.filter((permission) => permission !== 'organizations:create'),
      ),
    ],
    [OPERATOR_KEY, callerOf(organizationId, [...PERMISSIONS])],
  ]);
  const sealingKey = await SealingKey.make();
  const opened = ({ text }: Sealed) => sealingKey.open(text);
  fakeService(nats, credentials, {
    prepareSecret: async () => ({ ticket: 'ticket', publicKey: sealingKey.publicKey }),
    identify: async ({ apiKeyProof, sessionSha256, sealedToken, organizationId: wanted }) => {
      const shown = apiKeyProof?.sha256 ?? sessionSha256 ?? sha256(String(await opened(sealedToken!)));
      const caller = [...callers].find(([text]) => sha256(text) === shown)?.[1];
      if (!caller) throw new ServiceError('unauthenticated', 'The API key is not valid.');
      return wanted && caller.personId ? { ...caller, organizationId: wanted } : caller;
    },
  });
  const asked: Asked[] = [];
  nats.subscribe('credentials.v1.*', { callback: (_error, message) => void asked.push(askedIn(message)) });
  const service = await startService(change(define({ ...settings, NATS_URL: server.url })));
  const fetchFrom: RunningGateway['fetch'] = (method, path, options) => send(service.url + path, method, options);
  return {
    service,
    nats,
    organizationId,
    callers,
    asked,
    opened,
    fetch: fetchFrom,
    async http(method, path, options) {
      const response = await fetchFrom(method, path, options);
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      return { status: response.status, body: (await (isJson ? response.json() : response.text())) as unknown };
    },
    async stop() {
      await service.stop();
      await nats.drain();
      await server.stop();
    },
  };
}

export function callerOf(organizationId: string, permissions: Permission[], person?: string): ApiCaller {
  return {
    organizationId,
    apiKeyId: person ? '' : 'key_1',
    role: 'member',
    personId: person ?? null,
    name: 'somebody',
    permissions,
  };
}

/** What a service answers that refuses. */
export function refuse(message: Msg, error: ServiceError): void {
  const marks = headers();
  marks.set(ERROR_CODE_HEADER, String(error.status));
  message.respond(JSON.stringify(error.toBody()), { headers: marks });
}

async function send(url: string, method: string, { key = MEMBER_KEY, body, headers: more }: HttpOptions = {}): Promise<Response> {
  const text = (typeof body === 'string' ? body : body && JSON.stringify(body)) as string | undefined;
  const shown = {
    ...(key ? { authorization: `Bearer ${key}` } : {}),
    ...(text ? { 'content-type': 'application/json' } : {}),
    ...more,
  };
  const path = new URL(url).pathname;
  keepReceived({ path, headers: shown, body: text ?? '' });
  const response = await fetch(url, { method, redirect: 'manual', body: text, headers: shown });
  keepAnswer(`${method} ${path}`, response);
  return response;
}

function askedIn(message: Msg): Asked {
  const actor = message.headers?.get(ACTOR_HEADER);
  return { subject: message.subject, input: message.json(), actor: actor ? JSON.parse(actor) : null };
}

/** A key of the right form, of which no two names have the same. */
export function apiKeyOf(name: string): string {
  const digits = sha256(name);
  return `pbk_${digits.slice(0, 16)}_${digits.slice(16)}`;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
