import { Controller, Query, Req, Res } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Cookies, newMark } from '../http/cookies.ts';
import { ownPath } from '../http/own-path.ts';
import { sessionTokenOf } from '../http/proof.ts';
import { Route } from '../http/route.ts';
import { sentBack, type SentOn } from '../http/sent-back.ts';
import { ApiCallers } from '../outside/api-callers.ts';
import { SecretEnvelopes } from '../outside/secret-envelopes.ts';
import { sha256 } from '../outside/sha256.ts';

const NO_OUTPUT = z.object({});
const BEGIN = {
  ...credentials.startSignIn,
  summary: 'Begin a sign-in: sends the browser to the identity provider.',
  input: credentials.startSignIn.input.omit({ browserBinding: true }),
  output: NO_OUTPUT,
};
const FINISH = {
  ...credentials.completeSignIn,
  summary: 'Where the identity provider sends the browser back to; keeps the session in a cookie. A refusal is told as `problem` at `/`.',
  input: z.object({ state: z.string(), code: z.string().optional(), error: z.string().optional() }),
  output: NO_OUTPUT,
};
const END = { ...credentials.endSignIn, input: z.object({}) };

@Controller()
export class SignInController {
  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly cookies: Cookies,
    private readonly callers: ApiCallers,
    private readonly envelopes: SecretEnvelopes,
  ) {}

  @Route('GET /v1/sign-in', BEGIN, { public: 'Nobody is signed in yet.', answer: 'redirect' })
  /** A refusal is told as such: a console asks here whether there is a sign-in at all. */
  async begin(@Query('returnTo') returnTo: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<SentOn> {
    const browserBinding = newMark();
    const { url } = await this.credentialsClient.startSignIn({ browserBinding, returnTo });
    this.cookies.bindSignIn(reply, browserBinding);
    return { url };
  }

  @Route('GET /v1/sign-in/callback', FINISH, {
    public: 'Nobody is signed in yet; the cookie of the begun sign-in is asked for.',
    answer: 'redirect',
  })
  finish(@Query() query: Record<string, string>, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SentOn> {
    return sentBack(async () => {
      const browserBinding = this.cookies.takeSignIn(request, reply);
      const sealed = { query: {}, sealed: await this.envelopes.sealed(query), ...(await this.envelopes.sealTo()) };
      const session = await this.envelopes.open('token', await this.credentialsClient.completeSignIn({ browserBinding, ...sealed }));
      this.cookies.keepSession(reply, session);
      return { url: ownPath(session.returnTo) };
    });
  }

  @Route('POST /v1/sign-out', END, { anyCaller: 'Whoever is signed in may sign out.', status: 200 })
  async end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const token = sessionTokenOf(request);
    const ended = await this.credentialsClient.endSignIn({ sessionSha256: sha256(token) });
    this.callers.forgetToken(token);
    this.cookies.forgetSession(reply);
    return ended;
  }
}
