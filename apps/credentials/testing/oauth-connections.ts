import type { Connection } from '@patchbay/contracts/connections';
import type { OAuthSettings } from '@patchbay/contracts/connection-kinds';
import type { FakeOAuthProvider } from './fake-oauth-provider.ts';
import type { RunningCredentials } from './running-credentials.ts';

export const PUBLIC_URL = 'https://patchbay.example';

/** What lets the service reach a provider on this machine, and browsers the gateway. */
export const OAUTH_ENV = {
  CREDENTIALS_PUBLIC_URL: PUBLIC_URL,
  EGRESS_ALLOW_NETWORKS: '127.0.0.0/8',
  EGRESS_ALLOW_HTTP: 'true',
};

/** Connections of one organization to one provider. */
export class OAuthConnections {
  #count = 0;

  constructor(
    private readonly running: RunningCredentials,
    private readonly provider: FakeOAuthProvider,
    readonly organizationId: string,
  ) {}

  /** Not connected yet: a person has to agree first. */
  async draft(oauth: Partial<OAuthSettings> = {}): Promise<Connection> {
    const { url, clientId, clientSecret } = this.provider;
    this.#count += 1;
    return this.running.client.createConnection({
      organizationId: this.organizationId,
      name: `Account ${this.#count}`,
      provider: 'fake',
      kind: 'oauth2_authorization_code',
      settings: { oauth: { issuer: url, clientId, scopes: ['read', 'write'], clientAuthentication: 'basic', ...oauth } },
      secret: clientSecret,
    });
  }

  start(connectionId: string, returnTo = '/connections'): Promise<{ url: string; expiresAt: string }> {
    return this.running.client.startAuthorization({ organizationId: this.organizationId, connectionId, returnTo });
  }

  /** The whole way by the provider, with a person who agrees. */
  async connect(connectionId: string): Promise<Connection> {
    const { url } = await this.start(connectionId);
    const { connection } = await this.running.client.completeAuthorization({ query: await this.provider.agree(url) });
    return connection;
  }

  async connected(oauth: Partial<OAuthSettings> = {}): Promise<Connection> {
    return this.connect((await this.draft(oauth)).connectionId);
  }

  refresh({ connectionId }: Connection): Promise<Connection> {
    return this.running.client.refreshConnection({ organizationId: this.organizationId, connectionId });
  }

  get({ connectionId }: Connection): Promise<Connection> {
    return this.running.client.getConnection({ organizationId: this.organizationId, connectionId });
  }

  /** What a request to the provider would carry. */
  async token({ connectionId }: Connection): Promise<string | undefined> {
    const { headers } = await this.running.client.resolveConnection({ organizationId: this.organizationId, connectionId });
    return headers['authorization']?.replace(/^Bearer /, '');
  }

  /** Its tokens are old enough for another refresh. */
  async connectedAMinuteAgo(): Promise<Connection> {
    const connection = await this.connected();
    await this.age(connection, '1 minute');
    return connection;
  }

  /** What is kept of its tokens. */
  async row({ connectionId }: Connection): Promise<Record<string, unknown>> {
    const [row] = await this.running.query<Record<string, unknown>>('select * from connection_tokens where connection_id = $1', [connectionId]);
    return row!;
  }

  /** As if so much time had passed since the tokens came. */
  async age({ connectionId }: Connection, interval: string): Promise<void> {
    await this.running.query(
      `update connection_tokens
       set obtained_at = obtained_at - $2::interval, expires_at = expires_at - $2::interval, refresh_at = refresh_at - $2::interval
       where connection_id = $1`,
      [connectionId, interval],
    );
  }
}

/** What a promise was rejected with; null when it was not. */
export function refusal(promise: Promise<unknown>): Promise<{ code: string; message: string } | null> {
  return promise.then(
    () => null,
    (error: unknown) => error as { code: string; message: string },
  );
}
