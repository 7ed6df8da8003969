import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { CompleteAuthorization } from './use-cases/complete-authorization.ts';
import { RefreshConnection } from './use-cases/refresh-connection.ts';
import { RevokeConnection } from './use-cases/revoke-connection.ts';
import { StartAuthorization } from './use-cases/start-authorization.ts';

/** Accounts that are connected by OAuth. */
@Controller()
export class AuthorizationHandlers {
  constructor(
    private readonly startAuthorization: StartAuthorization,
    private readonly completeAuthorization: CompleteAuthorization,
    private readonly refreshConnection: RefreshConnection,
    private readonly revokeConnection: RevokeConnection,
  ) {}

  @Handles(credentials.startAuthorization)
  start(input: InputOf<typeof credentials.startAuthorization>) {
    return this.startAuthorization.run(input);
  }

  @Handles(credentials.completeAuthorization)
  complete(input: InputOf<typeof credentials.completeAuthorization>) {
    return this.completeAuthorization.run(input);
  }

  @Handles(credentials.refreshConnection)
  refresh(input: InputOf<typeof credentials.refreshConnection>) {
    return this.refreshConnection.run(input);
  }

  @Handles(credentials.revokeConnection)
  revoke(input: InputOf<typeof credentials.revokeConnection>) {
    return this.revokeConnection.run(input);
  }
}
