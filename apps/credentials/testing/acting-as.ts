import { context } from '@opentelemetry/api';
import type { Actor } from '@patchbay/contracts/actor';
import { withActor } from '@patchbay/service-kit/messaging/actor';

/** What the gateway does for whoever it has identified. */
export function actingAs<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
  return context.with(withActor(context.active(), actor), work);
}

export const byKey = (apiKeyId: string): Actor => ({ kind: 'api_key', id: apiKeyId, from: '192.0.2.1' });
export const byPerson = (personId: string): Actor => ({ kind: 'person', id: personId, from: '192.0.2.1' });
