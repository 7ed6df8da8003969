import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { SecretTickets } from './outside/secret-tickets.ts';
import { EnsureChecked } from './use-cases/ensure-checked.ts';
import { FinishRotation } from './use-cases/finish-rotation.ts';
import { ReportUse } from './use-cases/report-use.ts';
import { ResolveConnection } from './use-cases/resolve-connection.ts';
import { ResolveSigningSecrets } from './use-cases/resolve-signing-secrets.ts';
import { RevertRotation } from './use-cases/revert-rotation.ts';
import { RotateSecret } from './use-cases/rotate-secret.ts';

/** Secrets in use: they change, and leave only for one request to their provider. */
@Controller()
export class ConnectionUseHandlers {
  constructor(
    private readonly tickets: SecretTickets,
    private readonly rotateSecret: RotateSecret,
    private readonly revertRotation: RevertRotation,
    private readonly finishRotation: FinishRotation,
    private readonly resolveConnection: ResolveConnection,
    private readonly resolveSigningSecrets: ResolveSigningSecrets,
    private readonly reportUse: ReportUse,
    private readonly ensureChecked: EnsureChecked,
  ) {}

  @Handles(credentials.prepareSecret)
  ticket() {
    return this.tickets.issue();
  }

  @Handles(credentials.rotateSecret)
  rotate(input: InputOf<typeof credentials.rotateSecret>) {
    return this.rotateSecret.run(input);
  }

  @Handles(credentials.revertRotation)
  revert(input: InputOf<typeof credentials.revertRotation>) {
    return this.revertRotation.run(input);
  }

  @Handles(credentials.finishRotation)
  finish(input: InputOf<typeof credentials.finishRotation>) {
    return this.finishRotation.run(input);
  }

  @Handles(credentials.resolveConnection)
  resolved(@Payload() input: InputOf<typeof credentials.resolveConnection>, @Ctx() request: RequestContext) {
    return this.resolveConnection.run(input, request);
  }

  @Handles(credentials.resolveSigningSecrets)
  signingSecrets(input: InputOf<typeof credentials.resolveSigningSecrets>) {
    return this.resolveSigningSecrets.run(input);
  }

  @Handles(credentials.reportUse)
  used(input: InputOf<typeof credentials.reportUse>) {
    return this.reportUse.run(input);
  }

  @Handles(credentials.ensureChecked)
  toBeUsed(input: InputOf<typeof credentials.ensureChecked>) {
    return this.ensureChecked.run(input);
  }
}
