import { createAddressGuard } from './address-guard.ts';
import { AgentCache } from './agent-cache.ts';
import { Attempt, type LateAnswer } from './attempt.ts';
import { CheckedLookup, type Resolve } from './checked-lookup.ts';
import { createGuardedAgent } from './guarded-agent.ts';
import { isTransportHeader } from './header-rules.ts';
import type { HttpMethod } from './place-arguments.ts';
import { scrubSecrets } from './scrub-secrets.ts';
import { SendFailure } from './send-failure.ts';
import type { SendResult } from './send-result.ts';

export interface HttpSenderOptions {
  /** Networks in CIDR notation that may be reached although they are not public. The operator's word only. */
  allowNetworks: string[];
  /** Ports of public addresses that may be reached. Default 443 and 8443. The operator's word only. */
  publicPorts?: number[];
  /** Also send over plain http, and then only to `allowNetworks`. Default false. */
  allowHttp?: boolean;
  /** Sockets per key and origin; further requests wait. Default 64. */
  connectionsPerAgent?: number;
  /** Keys whose sockets are kept. Default 512. */
  maxAgents?: number;
  /** A key unused for this long is forgotten. Default 5 minutes. */
  agentIdleMs?: number;
  /** How long an idle socket is kept when the provider gives no hint. Default 20 s: below the 60 s of common load balancers. */
  keepAliveMs?: number;
  /** DNS, TCP and TLS of a new connection together. Default 2,000. */
  connectTimeoutMs?: number;
  /** Default 500. */
  dnsTimeoutMs?: number;
  /** How long resolved addresses are used for further connections. Default 30 s. */
  dnsCacheMs?: number;
  /** From `send` to the answer's headers; a shorter deadline wins. Default 10,000. */
  headersTimeoutMs?: number;
  /** Certificate authorities in PEM, instead of the system's. */
  ca?: string[];
  /** Resolves a host name to all of its addresses. Default: the operating system. */
  resolve?: Resolve;
}

export interface SendRequest {
  /** Organization and connection: requests with different keys never share a socket. */
  key: string;
  method: HttpMethod;
  url: string;
  /** Without `host`, `connection`, `content-length`, `accept-encoding` and their like, which are set here. */
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** Taken out of whatever the provider answers; see scrubSecrets. */
  secrets?: readonly string[];
  /** For everything: waiting for a connection, opening it, sending, the last byte of the answer. Milliseconds from now. */
  deadlineMs: number;
  signal?: AbortSignal;
  /** Asked right before the first byte is written: false ends it `cancelled`, and nothing was sent. */
  maySend?: () => boolean;
  /** Keeps a request that was sent open after its deadline; without it the socket is closed. */
  late?: LateAnswer;
  /** Bytes of the answer's body as sent by the provider. Default 1 MiB. */
  maxWireBytes?: number;
  /** Bytes of the answer's body after decompression. Default 4 MiB. */
  maxDecodedBytes?: number;
}

export interface HttpSender {
  /** Sends once; follows no redirect, retries nothing. Never rejects: what happened in the world is in the result. */
  send(request: SendRequest): Promise<SendResult>;
  /** Waits for the requests under way, then closes all sockets. A later `send` answers `cancelled`. */
  close(): Promise<void>;
}

const MAX_WIRE_BYTES = 1_048_576;
const MAX_DECODED_BYTES = 4_194_304;
const DEFAULTS = {
  allowHttp: false,
  connectionsPerAgent: 64,
  maxAgents: 512,
  agentIdleMs: 300_000,
  keepAliveMs: 20_000,
  connectTimeoutMs: 2_000,
  dnsTimeoutMs: 500,
  dnsCacheMs: 30_000,
  headersTimeoutMs: 10_000,
};

/** Creates the client for requests to providers. Throws when `allowNetworks` has an entry that is no network. */
export function createHttpSender(options: HttpSenderOptions): HttpSender {
  return new GuardedSender({ ...DEFAULTS, ...options });
}

class GuardedSender implements HttpSender {
  private readonly agents: AgentCache;

  constructor(private readonly options: HttpSenderOptions & typeof DEFAULTS) {
    const guard = createAddressGuard(options);
    const lookup = new CheckedLookup({ ...options, guard });
    const rules = { ...options, guard, lookup };
    this.agents = new AgentCache({
      create: () => createGuardedAgent(rules),
      maxAgents: options.maxAgents,
      idleMs: options.agentIdleMs,
    });
  }

  send(request: SendRequest): Promise<SendResult> {
    const { secrets, late } = request;
    if (!secrets?.length) return this.sendOnce(request);
    const clean = (result: SendResult) => scrubSecrets(result, secrets);
    return this.sendOnce({ ...request, ...(late ? { late: { ...late, onEnd: (result) => late.onEnd(clean(result)) } } : {}) }).then(clean);
  }

  private sendOnce(request: SendRequest): Promise<SendResult> {
    return new Promise((resolve) => {
      const attempt = new Attempt(
        {
          deadlineMs: request.deadlineMs,
          headersTimeoutMs: this.options.headersTimeoutMs,
          maxWireBytes: request.maxWireBytes ?? MAX_WIRE_BYTES,
          maxDecodedBytes: request.maxDecodedBytes ?? MAX_DECODED_BYTES,
          signal: request.signal,
          late: request.late,
          maySend: request.maySend,
        },
        resolve,
      );
      if (!attempt.hasEnded) this.dispatch(request, attempt);
    });
  }

  async close(): Promise<void> {
    await this.agents.close();
  }

  private dispatch({ key, method, url, headers, body }: SendRequest, attempt: Attempt): void {
    try {
      const { origin, pathname, search } = readUrl(url, this.options.allowHttp);
      const agent = this.agents.find(key);
      if (agent === null) throw new SendFailure('cancelled', 'the sender is closed');
      const path = pathname + search;
      agent.dispatch({ origin, path, method, headers: toWireHeaders(headers), body: toBytes(body) }, attempt);
    } catch (error) {
      if (!(error instanceof SendFailure)) throw error;
      attempt.fail(error);
    }
  }
}

function readUrl(text: string, allowHttp: boolean): URL {
  const url = URL.parse(text);
  if (url === null) throw new SendFailure('egress_blocked', 'the url is not valid');
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) {
    throw new SendFailure('egress_blocked', `requests over ${url.protocol.slice(0, -1)} are not allowed; use https`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new SendFailure(
      'egress_blocked',
      'the url carries a user name or password; put the secret into the connection',
    );
  }
  return url;
}

function toWireHeaders(headers: Record<string, string>): string[] {
  const wire = ['accept-encoding', 'gzip'];
  for (const name of Object.keys(headers)) {
    if (isTransportHeader(name.toLowerCase()))
      throw new SendFailure('egress_blocked', `the header ${name} is set by the sender`);
    wire.push(name, headers[name] as string);
  }
  return wire;
}

function toBytes(body: string | Uint8Array | undefined): Buffer | null {
  if (body === undefined) return null;
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
