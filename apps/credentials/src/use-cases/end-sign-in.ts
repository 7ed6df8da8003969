import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
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
  ) {}

  async run({ token }: InputOf<typeof credentials.endSignIn>): Promise<Record<string, never>> {
    const tokenHash = sha256(token);
    await acrossOrganizations(this.source, async (tx) => {
      const signIn = await this.signIns.find(tx, tokenHash);
      if (!signIn) return;
      await this.signIns.end(tx, tokenHash);
      await tellOfSignIn(tx, this.audit, await this.people.listOf(tx, signIn), 'person.signed_out');
    });
    return {};
  }
}
