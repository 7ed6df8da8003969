import { Module, type DynamicModule } from '@nestjs/common';
import { AccessHandlers } from './access.handlers.ts';
import { ConnectionHandlers } from './connection.handlers.ts';
import type { Env } from './env.ts';
import { ApiKeyRepository } from './outside/api-key.repository.ts';
import { ConnectionRepository } from './outside/connection.repository.ts';
import { EdgeMinter } from './outside/edge-minter.ts';
import { EdgeRepository } from './outside/edge.repository.ts';
import { KeyRing } from './outside/key-ring.ts';
import { OrganizationRepository } from './outside/organization.repository.ts';
import { CreateConnection } from './use-cases/create-connection.ts';
import { CreateEdge } from './use-cases/create-edge.ts';
import { CreateFirstOrganization, FIRST_API_KEY } from './use-cases/create-first-organization.ts';
import { CreateOrganization } from './use-cases/create-organization.ts';
import { CreateSigningSecret } from './use-cases/create-signing-secret.ts';
import { Identify } from './use-cases/identify.ts';
import { ResolveConnection } from './use-cases/resolve-connection.ts';

@Module({})
export class AppModule {
  static with(env: Env): DynamicModule {
    const edgeMinter = new EdgeMinter({
      natsUrl: env.CREDENTIALS_PUBLIC_NATS_URL ?? env.NATS_URL,
      signingSeed: env.CREDENTIALS_NATS_ACCOUNT_SEED,
      account: env.CREDENTIALS_NATS_ACCOUNT,
    });
    return {
      module: AppModule,
      controllers: [AccessHandlers, ConnectionHandlers],
      providers: [
        CreateOrganization,
        CreateFirstOrganization,
        Identify,
        CreateEdge,
        CreateConnection,
        CreateSigningSecret,
        ResolveConnection,
        OrganizationRepository,
        ApiKeyRepository,
        EdgeRepository,
        ConnectionRepository,
        { provide: EdgeMinter, useValue: edgeMinter },
        { provide: FIRST_API_KEY, useValue: env.CREDENTIALS_FIRST_API_KEY ?? null },
        { provide: KeyRing, useValue: env.CREDENTIALS_KEYRING },
      ],
    };
  }
}
