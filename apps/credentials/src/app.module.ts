import { Module, type DynamicModule } from '@nestjs/common';
import { AccessHandlers } from './access.handlers.ts';
import { ApiKeyHandlers } from './api-key.handlers.ts';
import { AuditHandlers } from './audit.handlers.ts';
import { AuthorizationHandlers } from './authorization.handlers.ts';
import { ConnectionUseHandlers } from './connection-use.handlers.ts';
import { ConnectionHandlers } from './connection.handlers.ts';
import { EdgeHandlers } from './edge.handlers.ts';
import type { Env } from './env.ts';
import { CheckConnections } from './loops/check-connections.ts';
import { DestroySecrets } from './loops/destroy-secrets.ts';
import { PublishConnections } from './loops/publish-connections.ts';
import { PublishRevocations } from './loops/publish-revocations.ts';
import { RefreshTokens } from './loops/refresh-tokens.ts';
import { AccessNews } from './outside/access-news.ts';
import { AccountRevocations, NATS_OPERATOR } from './outside/account-revocations.ts';
import { ApiKeyRepository } from './outside/api-key.repository.ts';
import { AuditLog } from './outside/audit.repository.ts';
import { CallerOfKey } from './outside/caller-of-key.ts';
import { CallerOfToken } from './outside/caller-of-token.ts';
import { CallerPermissions } from './outside/caller-permissions.ts';
import { ConnectionChanges } from './outside/connection-changes.ts';
import { ConnectionChecker } from './outside/connection-checker.ts';
import { ConnectionCredentials } from './outside/connection-credentials.ts';
import { ConnectionFeed } from './outside/connection-feed.ts';
import { ConnectionSweep } from './outside/connection-sweep.ts';
import { ConnectionTrial } from './outside/connection-trial.ts';
import { ConnectionRepository } from './outside/connection.repository.ts';
import { DueChecks } from './outside/due-checks.ts';
import { EdgeCredentialsRepository } from './outside/edge-credentials.repository.ts';
import { EdgeMinter } from './outside/edge-minter.ts';
import { EdgeRevocations } from './outside/edge-revocations.ts';
import { EdgeRepository } from './outside/edge.repository.ts';
import { KEY_PROVIDER } from './outside/keys/key-provider.ts';
import { keyProviderOf } from './outside/keys/keys-env.ts';
import { LastUse } from './outside/last-use.ts';
import { AccountGrants } from './outside/oauth/account-grants.ts';
import { AccessTokens } from './outside/oauth/access-tokens.ts';
import { AuthorizationServers } from './outside/oauth/authorization-servers.ts';
import { AuthorizationRepository } from './outside/oauth/authorization.repository.ts';
import { KeptTokens } from './outside/oauth/kept-tokens.ts';
import { PendingAuthorizations, REDIRECT_URI, redirectUriOf } from './outside/oauth/pending-authorizations.ts';
import { RefreshMetrics } from './outside/oauth/refresh-metrics.ts';
import { RefreshRecord } from './outside/oauth/refresh-record.ts';
import { RevocationEndPoint } from './outside/oauth/revocation-end-point.ts';
import { TokenEndPoint } from './outside/oauth/token-end-point.ts';
import { TokenRefresher } from './outside/oauth/token-refresher.ts';
import { TokenSource } from './outside/oauth/token-source.ts';
import { TokenRepository } from './outside/oauth/token.repository.ts';
import { IDENTITY_PROVIDER, IdentityProvider } from './outside/oidc/identity-provider.ts';
import { Issuer } from './outside/oidc/issuer.ts';
import { oidcSettingsOf } from './outside/oidc/oidc-env.ts';
import { natsOperatorOf } from './outside/nats-operator-env.ts';
import { OrganizationRepository } from './outside/organization.repository.ts';
import { OutgoingHttp } from './outside/outgoing-http.ts';
import { PersonRepository } from './outside/person.repository.ts';
import { SecretStore } from './outside/secret-store.ts';
import { SecretTickets } from './outside/secret-tickets.ts';
import { SignInAttempts } from './outside/sign-in-attempts.ts';
import { SignInRepository } from './outside/sign-in.repository.ts';
import { PeopleHandlers } from './people.handlers.ts';
import { SignInHandlers } from './sign-in.handlers.ts';
import { ChangeRole } from './use-cases/change-role.ts';
import { CheckConnection } from './use-cases/check-connection.ts';
import { CompleteAuthorization } from './use-cases/complete-authorization.ts';
import { CompleteSignIn } from './use-cases/complete-sign-in.ts';
import { CreateApiKey } from './use-cases/create-api-key.ts';
import { CreateConnection } from './use-cases/create-connection.ts';
import { CreateEdge } from './use-cases/create-edge.ts';
import { CreateFirstOrganization, FIRST_ACCESS } from './use-cases/create-first-organization.ts';
import { CreateOrganization } from './use-cases/create-organization.ts';
import { CreateSigningSecret } from './use-cases/create-signing-secret.ts';
import { DeleteConnection } from './use-cases/delete-connection.ts';
import { DestroyOverdue } from './use-cases/destroy-overdue.ts';
import { DisableConnection } from './use-cases/disable-connection.ts';
import { EnableConnection } from './use-cases/enable-connection.ts';
import { EndSignIn } from './use-cases/end-sign-in.ts';
import { EnsureChecked } from './use-cases/ensure-checked.ts';
import { FinishRotation } from './use-cases/finish-rotation.ts';
import { Identify } from './use-cases/identify.ts';
import { InvitePerson } from './use-cases/invite-person.ts';
import { ReadConnections } from './use-cases/read-connections.ts';
import { RecordChange } from './use-cases/record-change.ts';
import { RefreshConnection } from './use-cases/refresh-connection.ts';
import { RemovePerson } from './use-cases/remove-person.ts';
import { RenewEdge } from './use-cases/renew-edge.ts';
import { ReportUse } from './use-cases/report-use.ts';
import { ResolveConnection } from './use-cases/resolve-connection.ts';
import { ResolveSigningSecrets } from './use-cases/resolve-signing-secrets.ts';
import { RevertRotation } from './use-cases/revert-rotation.ts';
import { RevokeApiKey } from './use-cases/revoke-api-key.ts';
import { RevokeConnection } from './use-cases/revoke-connection.ts';
import { RevokeEdge } from './use-cases/revoke-edge.ts';
import { RotateApiKey } from './use-cases/rotate-api-key.ts';
import { RotateSecret } from './use-cases/rotate-secret.ts';
import { StartAuthorization } from './use-cases/start-authorization.ts';
import { StartSignIn } from './use-cases/start-sign-in.ts';
import { UndeleteConnection } from './use-cases/undelete-connection.ts';
import { UpdateConnection } from './use-cases/update-connection.ts';
import { VerifyAudit } from './use-cases/verify-audit.ts';

const CONNECTIONS = [
  CreateConnection,
  CreateSigningSecret,
  ReadConnections,
  UpdateConnection,
  EnableConnection,
  DisableConnection,
  DeleteConnection,
  UndeleteConnection,
  RotateSecret,
  RevertRotation,
  FinishRotation,
  CheckConnection,
  EnsureChecked,
  ReportUse,
  ResolveConnection,
  ResolveSigningSecrets,
  DestroyOverdue,
  CheckConnections,
  PublishConnections,
  DestroySecrets,
  ConnectionRepository,
  ConnectionSweep,
  ConnectionChanges,
  ConnectionFeed,
  ConnectionCredentials,
  ConnectionTrial,
  ConnectionChecker,
  DueChecks,
  SecretTickets,
];

const OAUTH = [
  StartAuthorization,
  CompleteAuthorization,
  RefreshConnection,
  RevokeConnection,
  RefreshTokens,
  AccessTokens,
  AccountGrants,
  TokenRefresher,
  RefreshMetrics,
  RefreshRecord,
  TokenSource,
  TokenEndPoint,
  RevocationEndPoint,
  AuthorizationServers,
  PendingAuthorizations,
  AuthorizationRepository,
  KeptTokens,
  TokenRepository,
];

const ACCESS = [
  CreateOrganization,
  CreateFirstOrganization,
  Identify,
  CreateApiKey,
  RotateApiKey,
  RevokeApiKey,
  InvitePerson,
  ChangeRole,
  RemovePerson,
  StartSignIn,
  CompleteSignIn,
  EndSignIn,
  CreateEdge,
  RenewEdge,
  RevokeEdge,
  PublishRevocations,
  CallerOfKey,
  CallerOfToken,
  CallerPermissions,
  AccessNews,
  LastUse,
  SignInAttempts,
  EdgeRevocations,
  AccountRevocations,
  OrganizationRepository,
  ApiKeyRepository,
  PersonRepository,
  SignInRepository,
  EdgeRepository,
  EdgeCredentialsRepository,
];

@Module({})
export class AppModule {
  static with(env: Env): DynamicModule {
    const edgeMinter = new EdgeMinter({
      natsUrl: env.CREDENTIALS_PUBLIC_NATS_URL ?? env.NATS_URL,
      signingSeed: env.CREDENTIALS_NATS_ACCOUNT_SEED,
      account: env.CREDENTIALS_NATS_ACCOUNT,
    });
    const outgoingHttp = new OutgoingHttp({
      allowNetworks: env.EGRESS_ALLOW_NETWORKS,
      publicPorts: env.EGRESS_PUBLIC_PORTS,
      allowHttp: env.EGRESS_ALLOW_HTTP,
    });
    return {
      module: AppModule,
      controllers: [AccessHandlers, ApiKeyHandlers, AuditHandlers, AuthorizationHandlers, ConnectionHandlers, ConnectionUseHandlers, EdgeHandlers, PeopleHandlers, SignInHandlers],
      providers: [
        ...ACCESS,
        RecordChange,
        VerifyAudit,
        AuditLog,
        ...CONNECTIONS,
        ...OAUTH,
        { provide: REDIRECT_URI, useValue: redirectUriOf(env.CREDENTIALS_PUBLIC_URL) },
        { provide: OutgoingHttp, useValue: outgoingHttp },
        { provide: IDENTITY_PROVIDER, inject: [OutgoingHttp], useFactory: (http: OutgoingHttp) => identityProviderOf(env, http) },
        { provide: NATS_OPERATOR, useValue: natsOperatorOf(env) },
        { provide: EdgeMinter, useValue: edgeMinter },
        { provide: FIRST_ACCESS, useValue: { apiKey: env.CREDENTIALS_FIRST_API_KEY ?? null, ownerEmail: env.CREDENTIALS_FIRST_OWNER_EMAIL ?? null } },
        { provide: KEY_PROVIDER, useValue: keyProviderOf(env) },
        SecretStore,
      ],
    };
  }
}

function identityProviderOf(env: Env, http: OutgoingHttp): IdentityProvider | null {
  const settings = oidcSettingsOf(env);
  return settings && new IdentityProvider(settings, new Issuer(settings.issuer, http));
}
