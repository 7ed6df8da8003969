import { context } from '@opentelemetry/api';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { currentActor, withActor } from '@patchbay/service-kit/messaging/actor';
import type { PersonTable } from '../tables/person.table.ts';
import type { AuditLog } from './audit.repository.ts';

/**
 * Each organization of the people sees it in its log, as their own doing. In the order of the organizations: each log is locked until the
 * transaction ends, and two sign-ins must not wait for each other.
 */
export async function tellOfSignIn(tx: Transaction, audit: AuditLog, people: PersonTable[], action: string): Promise<void> {
  for (const { org_id, person_id, email } of people.toSorted((one, other) => (one.org_id < other.org_id ? -1 : 1))) {
    const themselves = withActor(context.active(), { ...currentActor(), kind: 'person', id: person_id });
    await context.with(themselves, () => audit.append(tx, org_id, { action, object: { kind: 'person', id: person_id, name: email } }));
  }
}
