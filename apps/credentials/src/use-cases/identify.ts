import { Injectable } from '@nestjs/common';
import type { ApiCaller } from '@patchbay/contracts/access';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { CallerOfKey } from '../outside/caller-of-key.ts';
import { CallerOfToken } from '../outside/caller-of-token.ts';

/** Whom an API key or a token speaks for, in one organization. */
@Injectable()
export class Identify {
  constructor(
    private readonly ofKey: CallerOfKey,
    private readonly ofToken: CallerOfToken,
  ) {}

  async run({ apiKey, token, organizationId }: InputOf<typeof credentials.identify>): Promise<ApiCaller> {
    return apiKey === undefined ? this.ofToken.get(token ?? '', organizationId) : this.ofKey.get(apiKey, organizationId);
  }
}
