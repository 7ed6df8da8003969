import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { AccessNews } from '../outside/access-news.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { PersonRepository } from '../outside/person.repository.ts';
import { sha256 } from '../outside/sign-in-proof.ts';
import { SignInRepository } from '../outside/sign-in.repository.ts';
import { tellOfSignIn } from '../outside/tell-of-sign-in.ts';

/** Signing out twice, or with a token that nobody has, is no error: what was asked for is true. */
@Injectable()
export class EndSignIn {
  constructor(
    private readonly source: DataSource,
    private readonly signIns: SignInRepository,
    private readonly people: PersonRepository,
    private readonly audit: AuditLog,
    private readonly news: AccessNews,
  ) {}

  async run({ sessionSha256, token }: InputOf<typeof credentials.endSignIn>): Promise<Record<string, never>> {
    const tokenHash = sessionSha256 ? Buffer.from(sessionSha256, 'hex') : sha256(token ?? '');
    await acrossOrganizations(this.source, async (tx) => {
      const signIn = await this.signIns.find(tx, tokenHash);
      if (!signIn) return;
      await this.signIns.end(tx, tokenHash);
      const people = await this.people.listOf(tx, signIn);
      await tellOfSignIn(tx, this.audit, people, 'person.signed_out');
      for (const { org_id, person_id } of people) await this.news.add(tx, org_id, { kind: 'person', id: person_id });
    });
    this.news.send();
    return {};
  }
}
