import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';
import { ApiCallers } from '../outside/api-callers.ts';
import { SecretEnvelopes } from '../outside/secret-envelopes.ts';

@Controller()
export class ApiKeysController {
  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly callers: ApiCallers,
    private readonly envelopes: SecretEnvelopes,
  ) {}

  @Route('POST /v1/api-keys', credentials.createApiKey, { permission: 'keys:write' })
  async create(@Input() input: RequestOf<typeof credentials.createApiKey>) {
    return this.envelopes.open('apiKey', await this.credentialsClient.createApiKey({ ...input, ...(await this.envelopes.sealTo()) }));
  }

  @Route('GET /v1/api-keys', credentials.listApiKeys, { permission: 'keys:read' })
  list(@Input() input: RequestOf<typeof credentials.listApiKeys>) {
    return this.credentialsClient.listApiKeys(input);
  }

  @Route('POST /v1/api-keys/:apiKeyId/rotate', credentials.rotateApiKey, { permission: 'keys:write' })
  async rotate(@Input() input: RequestOf<typeof credentials.rotateApiKey>) {
    const done = await this.credentialsClient.rotateApiKey({ ...input, ...(await this.envelopes.sealTo()) });
    this.callers.forget({ kind: 'api_key', id: input.apiKeyId });
    return this.envelopes.open('apiKey', done);
  }

  @Route('DELETE /v1/api-keys/:apiKeyId', credentials.revokeApiKey, { permission: 'keys:write' })
  async revoke(@Input() input: RequestOf<typeof credentials.revokeApiKey>) {
    const done = await this.credentialsClient.revokeApiKey(input);
    this.callers.forget({ kind: 'api_key', id: input.apiKeyId });
    return done;
  }
}
