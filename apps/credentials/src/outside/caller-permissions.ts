import { Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { ROLE_PERMISSIONS, type Permission } from '@patchbay/contracts/permissions';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { currentActor } from '@patchbay/service-kit/messaging/actor';
import { isActive } from '../domain/api-key.ts';
import { requireAll } from '../domain/grants.ts';
import { apiKeyState, ApiKeyRepository } from './api-key.repository.ts';
import { PersonRepository } from './person.repository.ts';

/**
 * What whoever asks may do, read when it matters: the gateway checks that a route may be used at all, this one that nobody is given more
 * than the giver has.
 */
@Injectable()
export class CallerPermissions {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly people: PersonRepository,
  ) {}

  /** Rejects with `forbidden` when the caller lacks one of them, or nobody is known to have asked. */
  async requireAll(tx: Transaction, organizationId: string, given: readonly Permission[]): Promise<void> {
    requireAll(await this.#held(tx, organizationId), given);
  }

  async #held(tx: Transaction, organizationId: string): Promise<readonly Permission[]> {
    const actor = currentActor();
    if (actor?.kind === 'api_key') {
      const key = await this.apiKeys.findOf(tx, organizationId, actor.id);
      if (key && isActive(apiKeyState(key), new Date())) return key.permissions;
    }
    if (actor?.kind === 'person') {
      const person = await this.people.find(tx, organizationId, actor.id);
      if (person) return ROLE_PERMISSIONS[person.role];
    }
    throw new ServiceError('forbidden', 'Only an API key or a person of the organization can give permissions; ask through the gateway with one of them.');
  }
}
