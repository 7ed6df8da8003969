import {
  AuthorizationError,
  connect,
  ConnectionError,
  credsAuthenticator,
  UserAuthenticationExpiredError,
  type NatsConnection,
} from '@nats-io/transport-node';
import { edgeInbox } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';

/** One try to reach a server; a host that swallows packets must not hold `connectEdge` for the library's 20 s. */
const DIAL_TIMEOUT_MS = 5_000;

export interface LinkOptions {
  natsUrl: string;
  credentials?: string;
  edgeId: string;
  onProblem: (problem: Error) => void;
}

/** The connection to NATS, reopened for ever, and whether it stands just now. */
export class Link {
  /** Settled when the connection is back; absent while it stands. */
  #back: PromiseWithResolvers<void> | undefined;
  #refused = false;

  private constructor(
    readonly nats: NatsConnection,
    private readonly onProblem: (problem: Error) => void,
  ) {
    void this.#follow();
  }

  static async open({ natsUrl, credentials, edgeId, onProblem }: LinkOptions): Promise<Link> {
    const authenticator = credentials === undefined ? undefined : readCredentials(credentials);
    try {
      const nats = await connect({
        name: `edge ${edgeId}`,
        servers: natsUrl.split(','),
        // The server lets an edge listen nowhere else, and the platform answers nowhere else.
        inboxPrefix: edgeInbox(edgeId),
        timeout: DIAL_TIMEOUT_MS,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 200,
        reconnectJitter: 200,
        // Credentials may be refused for a moment while the server is reconfigured; a call must survive that.
        ignoreAuthErrorAbort: true,
        // A silent partition is noticed after 10 s; the library's own 4 minutes would outlast most calls.
        pingInterval: 5_000,
        maxPingOut: 2,
        ...(authenticator ? { authenticator } : {}),
      });
      return new Link(nats, onProblem);
    } catch (cause) {
      throw toConnectError(cause);
    }
  }

  /**
   * Waits for the connection, at most so long; false when it did not come back. A request made without it would lie in the
   * library's buffer, and could be sent after its caller was told that it failed.
   */
  async stands(withinMs: number): Promise<boolean> {
    if (!this.#back) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, withinMs, false);
    });
    const stands = await Promise.race([this.#back.promise.then(() => !this.nats.isClosed()), late]);
    clearTimeout(timer);
    return stands;
  }

  /** Lets what was sent arrive, then closes. */
  async close(): Promise<void> {
    if (this.#back) {
      await this.nats.close();
      return;
    }
    // Draining fails when the connection breaks meanwhile; nothing is left to wait for then.
    await this.nats.drain().catch(() => this.nats.close());
  }

  async #follow(): Promise<void> {
    for await (const status of this.nats.status()) {
      if (status.type === 'disconnect') {
        this.#back ??= Promise.withResolvers();
        this.onProblem(new ServiceError('unavailable', 'The connection to NATS was lost; it is being opened again.'));
      } else if (status.type === 'reconnect') {
        this.#refused = false;
        this.#back?.resolve();
        this.#back = undefined;
      } else if (status.type === 'error') this.#report(status.error);
    }
    this.#back?.resolve();
  }

  /** The server repeats itself at every try to reconnect: said once. A refused permission is told to whoever asked. */
  #report(cause: Error): void {
    if (!isRefusal(cause) || this.#refused) return;
    this.#refused = true;
    this.onProblem(new ServiceError('unauthenticated', 'NATS refuses the credentials of this edge.', { cause }));
  }
}

function isRefusal(cause: unknown): boolean {
  return cause instanceof AuthorizationError || cause instanceof UserAuthenticationExpiredError;
}

function readCredentials(text: string): ReturnType<typeof credsAuthenticator> {
  const authenticator = credsAuthenticator(new TextEncoder().encode(text));
  try {
    authenticator();
  } catch {
    // Without the cause: it must not be possible that a part of the seed is in it.
    throw ServiceError.fields('invalid_arguments', 'credentials: is not the text of a NATS credentials file.', [
      { path: 'credentials', problem: 'is not the text of a NATS credentials file' },
    ]);
  }
  return authenticator;
}

function toConnectError(cause: unknown): ServiceError {
  if (isRefusal(cause)) {
    return new ServiceError(
      'unauthenticated',
      'NATS refuses the credentials: are they of this edge, and still valid?',
      { cause },
    );
  }
  const why = cause instanceof ConnectionError || cause instanceof Error ? cause.message : String(cause);
  return new ServiceError('unavailable', `NATS cannot be reached: ${why}. Is natsUrl right, and the server running?`, {
    cause,
  });
}
