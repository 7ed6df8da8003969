import { Inject, Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { IDENTITY_PROVIDER, requireIdentityProvider, type IdentityProvider } from '../outside/oidc/identity-provider.ts';
import { RANDOM_BYTES, randomToken, sha256, signInProof } from '../outside/sign-in-proof.ts';
import { SignInRepository } from '../outside/sign-in.repository.ts';

/** Time to find a password and a second factor. */
const ATTEMPT_MS = 10 * 60_000;

/** A sign-in belongs to the browser that begins it, can be finished once, and only for ten minutes. */
@Injectable()
export class StartSignIn {
  constructor(
    private readonly source: DataSource,
    private readonly signIns: SignInRepository,
    @Inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider | null,
  ) {}

  async run({ browserBinding, returnTo }: InputOf<typeof credentials.startSignIn>): Promise<ReplyOf<typeof credentials.startSignIn>> {
    const provider = requireIdentityProvider(this.provider);
    const [state, seed] = [randomToken(), randomBytes(RANDOM_BYTES)];
    const url = await provider.authorizationUrl(state, signInProof(seed, state, browserBinding));
    const now = new Date();
    const expiresAt = new Date(now.getTime() + ATTEMPT_MS);
    await this.signIns.deleteExpired(this.source.manager, now);
    await this.signIns.insertAttempt(this.source.manager, {
      state_hash: sha256(state),
      binding_hash: sha256(browserBinding),
      seed,
      return_to: returnTo,
      expires_at: expiresAt,
    });
    return { url, expiresAt: expiresAt.toISOString() };
  }
}
