import { Inject, Injectable } from '@nestjs/common';
import { CallbackQuery } from '@patchbay/contracts/access';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { AuditLog } from '../outside/audit.repository.ts';
import { IDENTITY_PROVIDER, requireIdentityProvider, type IdentityProvider, type SignedIn } from '../outside/oidc/identity-provider.ts';
import { PersonRepository } from '../outside/person.repository.ts';
import { sealedText } from '../outside/sealed-answers.ts';
import { SecretTickets } from '../outside/secret-tickets.ts';
import { SignInAttempts } from '../outside/sign-in-attempts.ts';
import { randomSessionToken, sha256, signInProof } from '../outside/sign-in-proof.ts';
import { SignInRepository } from '../outside/sign-in.repository.ts';
import { tellOfSignIn } from '../outside/tell-of-sign-in.ts';
import type { PersonTable } from '../tables/person.table.ts';

/** A working day; who is still at it signs in once more. */
const SIGNED_IN_MS = 12 * 3_600_000;

/** Who comes back from the identity provider and was invited is signed in; the token is theirs alone, and we keep its hash. */
@Injectable()
export class CompleteSignIn {
  constructor(
    private readonly source: DataSource,
    private readonly attempts: SignInAttempts,
    private readonly signIns: SignInRepository,
    private readonly people: PersonRepository,
    private readonly audit: AuditLog,
    private readonly tickets: SecretTickets,
    @Inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider | null,
  ) {}

  async run({ browserBinding, sealed, sealTo, ...open }: InputOf<typeof credentials.completeSignIn>): Promise<ReplyOf<typeof credentials.completeSignIn>> {
    const provider = requireIdentityProvider(this.provider);
    const query = sealed ? await this.tickets.open(sealed, CallbackQuery) : open.query;
    const state = query['state'] ?? '';
    const { seed, return_to: returnTo } = await this.attempts.take(state, browserBinding, new Date());
    const who = await provider.signedIn(query, state, signInProof(seed, state, browserBinding));
    const now = new Date();
    const [token, expiresAt] = [randomSessionToken(), new Date(now.getTime() + SIGNED_IN_MS)];
    const { person_id: personId, email } = await acrossOrganizations(this.source, async (tx) => {
      const [first, ...others] = await this.#welcome(tx, who, now);
      const { issuer, subject } = who;
      await this.signIns.insert(tx, { sign_in_id: newId('signIn'), token_hash: sha256(token), issuer, subject, created_at: now, expires_at: expiresAt });
      await tellOfSignIn(tx, this.audit, [first, ...others], 'person.signed_in');
      return first;
    });
    return { token: await sealedText(token, sealTo), expiresAt: expiresAt.toISOString(), returnTo, personId, email };
  }

  async #welcome(tx: Transaction, who: SignedIn, now: Date): Promise<[PersonTable, ...PersonTable[]]> {
    if (who.email) await this.people.link(tx, who, who.email, now);
    const [first, ...others] = await this.people.listOf(tx, who);
    if (!first) throw uninvited(who.email);
    for (const person of [first, ...others]) await this.people.markSignedIn(tx, person, who.name, now);
    return [first, ...others];
  }
}

function uninvited(email: string | null): ServiceError {
  if (email) return new ServiceError('forbidden', `Nobody has invited ${email}; ask an owner of your organization to.`);
  return new ServiceError('forbidden', 'The identity provider does not say that your e-mail address is verified; verify it there, then sign in again.');
}
