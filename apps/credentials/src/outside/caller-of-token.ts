import { Inject, Injectable } from '@nestjs/common';
import type { ApiCaller } from '@patchbay/contracts/access';
import { ServiceError } from '@patchbay/contracts/errors';
import { ROLE_PERMISSIONS } from '@patchbay/contracts/permissions';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import type { PersonTable } from '../tables/person.table.ts';
import { IDENTITY_PROVIDER, type IdentityProvider } from './oidc/identity-provider.ts';
import { PersonRepository } from './person.repository.ts';
import { SESSION_TOKEN, sha256 } from './sign-in-proof.ts';
import { SignInRepository } from './sign-in.repository.ts';

/** People, by the token of a sign-in here or by one that the identity provider signed. */
@Injectable()
export class CallerOfToken {
  constructor(
    private readonly source: DataSource,
    private readonly signIns: SignInRepository,
    private readonly people: PersonRepository,
    @Inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider | null,
  ) {}

  async get(token: string, asked: string | undefined): Promise<ApiCaller> {
    if (SESSION_TOKEN.test(token)) return this.ofSession(sha256(token), asked);
    return callerIn(await this.#vouchedFor(token), asked);
  }

  async ofSession(tokenHash: Buffer, asked: string | undefined): Promise<ApiCaller> {
    return callerIn(await this.#signedIn(tokenHash), asked);
  }

  /** A sign-in speaks for those whom it was made for: not for somebody who was removed and came back since. */
  async #signedIn(tokenHash: Buffer): Promise<PersonTable[]> {
    const { signIn, people } = await acrossOrganizations(this.source, async (tx) => {
      const found = await this.signIns.find(tx, tokenHash);
      return { signIn: found, people: found ? await this.people.listOf(tx, found) : [] };
    });
    const valid = signIn && signIn.expires_at > new Date() && this.provider?.issuer.isNamed(signIn.issuer);
    const theirs = valid ? people.filter(({ linked_at }) => linked_at !== null && linked_at <= signIn.created_at) : [];
    if (theirs.length > 0) return theirs;
    throw new ServiceError('unauthenticated', 'The sign-in has ended or is not valid; sign in again.');
  }

  async #vouchedFor(token: string): Promise<PersonTable[]> {
    if (!this.provider) throw new ServiceError('unauthenticated', 'The token is not valid: no identity provider is set up here; use an API key.');
    const identity = await this.provider.bearer(token);
    const people = await acrossOrganizations(this.source, (tx) => this.people.listOf(tx, identity));
    if (people.length > 0) return people;
    throw new ServiceError('forbidden', 'This token is of nobody in any organization; whoever is invited signs in once with a browser.');
  }
}

function callerIn(people: PersonTable[], asked: string | undefined): ApiCaller {
  const person = asked === undefined ? people[0] : people.find(({ org_id }) => org_id === asked);
  if (!person) throw new ServiceError('forbidden', 'You are not in this organization; ask an owner of it to invite you.');
  return callerOf(person);
}

function callerOf({ org_id, person_id, email, role }: PersonTable): ApiCaller {
  return { organizationId: org_id, apiKeyId: '', role: 'member', personId: person_id, name: email, permissions: [...ROLE_PERMISSIONS[role]] };
}
