import { Controller, Req, Res } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Cookies } from '../http/cookies.ts';
import { PROVIDER_WAIT } from '../http/provider-wait.ts';
import { Input, Route } from '../http/route.ts';
import { SecretEnvelopes } from '../outside/secret-envelopes.ts';

/** Whoever may change connections may do this with one, and is answered with what it is like then. */
const ACT = { permission: 'connections:write', status: 200 } as const;

/** What a connection shows its provider: secrets in two slots, and access that people grant. */
@Controller()
export class ConnectionSecretsController {
  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly envelopes: SecretEnvelopes,
    private readonly cookies: Cookies,
  ) {}

  @Route('POST /v1/connections/:connectionId/rotate', credentials.rotateSecret, ACT)
  async rotate(@Input() input: RequestOf<typeof credentials.rotateSecret>) {
    const sealed = await this.envelopes.seal(input);
    return this.envelopes.open('secret', await this.credentialsClient.rotateSecret({ ...sealed, ...(await this.envelopes.sealTo()) }, PROVIDER_WAIT));
  }

  @Route('POST /v1/connections/:connectionId/revert', credentials.revertRotation, ACT)
  revert(@Input() input: RequestOf<typeof credentials.revertRotation>) {
    return this.credentialsClient.revertRotation(input);
  }

  @Route('POST /v1/connections/:connectionId/finish', credentials.finishRotation, ACT)
  finish(@Input() input: RequestOf<typeof credentials.finishRotation>) {
    return this.credentialsClient.finishRotation(input);
  }

  @Route('POST /v1/connections/:connectionId/authorize', credentials.startAuthorization, ACT)
  authorize(
    @Input() input: RequestOf<typeof credentials.startAuthorization>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const browserBinding = this.cookies.bindAuthorization(request, reply);
    return this.credentialsClient.startAuthorization({ ...input, browserBinding }, PROVIDER_WAIT);
  }

  @Route('POST /v1/connections/:connectionId/refresh', credentials.refreshConnection, ACT)
  refresh(@Input() input: RequestOf<typeof credentials.refreshConnection>) {
    return this.credentialsClient.refreshConnection(input, PROVIDER_WAIT);
  }

  @Route('POST /v1/connections/:connectionId/revoke', credentials.revokeConnection, ACT)
  revoke(@Input() input: RequestOf<typeof credentials.revokeConnection>) {
    return this.credentialsClient.revokeConnection(input, PROVIDER_WAIT);
  }
}
