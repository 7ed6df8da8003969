import { Injectable } from '@nestjs/common';
import type { ApiCaller } from '@patchbay/contracts/access';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { z } from 'zod';
import { parseApiKey, shownApiKey } from '../outside/api-key.ts';
import { CallerOfKey } from '../outside/caller-of-key.ts';
import { CallerOfToken } from '../outside/caller-of-token.ts';
import { SecretTickets } from '../outside/secret-tickets.ts';

/** As long as a gateway of the release before may send one. */
const Token = z.string().max(8192);

/** Whom an API key or a token speaks for, in one organization: of a key and a session a hash is enough, a token of the issuer is needed whole. */
@Injectable()
export class Identify {
  constructor(
    private readonly ofKey: CallerOfKey,
    private readonly ofToken: CallerOfToken,
    private readonly tickets: SecretTickets,
  ) {}

  async run({ organizationId, ...shown }: InputOf<typeof credentials.identify>): Promise<ApiCaller> {
    if (shown.apiKeyProof) return this.ofKey.get(shownApiKey(shown.apiKeyProof), organizationId);
    if (shown.apiKey !== undefined) return this.ofKey.get(parseApiKey(shown.apiKey), organizationId);
    if (shown.sessionSha256) return this.ofToken.ofSession(Buffer.from(shown.sessionSha256, 'hex'), organizationId);
    const token = shown.sealedToken ? await this.tickets.open(shown.sealedToken, Token) : shown.token;
    return this.ofToken.get(token ?? '', organizationId);
  }
}
