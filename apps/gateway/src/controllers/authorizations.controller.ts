import { Controller, Query, Req } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { credentials } from '@patchbay/contracts/credentials';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { z } from 'zod';
import type { FastifyRequest } from 'fastify';
import { Cookies, SESSION_COOKIE } from '../http/cookies.ts';
import { ownPath } from '../http/own-path.ts';
import { PROVIDER_WAIT } from '../http/provider-wait.ts';
import { Route } from '../http/route.ts';
import { sentBack, type SentOn } from '../http/sent-back.ts';
import { ApiCallers } from '../outside/api-callers.ts';
import { SecretEnvelopes } from '../outside/secret-envelopes.ts';

const FINISH = {
  ...credentials.completeAuthorization,
  summary:
    'Where a provider sends the browser back to after somebody granted access. Goes on with `connected=<id>`, or at `/` with `problem=<words>`.',
  input: z.object({ state: z.string(), code: z.string().optional(), error: z.string().optional() }),
  output: z.object({}),
};

@Controller()
export class AuthorizationsController {
  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly callers: ApiCallers,
    private readonly cookies: Cookies,
    private readonly envelopes: SecretEnvelopes,
  ) {}

  @Route('GET /v1/authorizations/callback', FINISH, {
    public: 'The browser may be signed in nowhere; its `state`, good for one use, says which authorization it answers, and its mark that it began it.',
    answer: 'redirect',
  })
  finish(@Query() query: Record<string, string>, @Req() request: FastifyRequest): Promise<SentOn> {
    return sentBack(async () => {
      const browserBinding = this.cookies.authorizationBinding(request);
      const signedInTo = await this.#signedInTo(request);
      const answer = { query: {}, sealed: await this.envelopes.sealed(query), browserBinding, signedInTo };
      const { connection, returnTo } = await this.credentialsClient.completeAuthorization(answer, PROVIDER_WAIT);
      return { url: ownPath(returnTo, { connected: connection.connectionId }) };
    });
  }

  async #signedInTo(request: FastifyRequest): Promise<string | undefined> {
    const value = request.cookies[SESSION_COOKIE];
    if (!value) return undefined;
    try {
      return (await this.callers.identify({ kind: 'token', value, byCookie: true }, undefined)).organizationId;
    } catch (error) {
      // A session that has ended says no more than none.
      if (error instanceof ServiceError && error.code === 'unauthenticated') return undefined;
      throw error;
    }
  }
}
