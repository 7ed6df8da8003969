import { hash } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import type { Change } from '@patchbay/contracts/audit';
import type { EventContract, PayloadOf } from '@patchbay/contracts/define';
import canonicalize from 'canonicalize';
import { currentActor } from '../messaging/actor.ts';
import type { Transaction } from './database.ts';
import { addToOutbox } from './outbox.ts';
import { storableJson } from './storable-json.ts';

/** What was done to what. `before` and `after` are views as the API shows them, without secrets; absent: it was not there. */
export interface ChangeMade {
  /** `<noun>.<past tense>`: `tool.updated`. */
  action: string;
  object: { kind: string; id: string; name?: string };
  before?: unknown;
  after?: unknown;
  invocationId?: string;
}

/** A change as the log keeps it: hashes in the place of values, and who did it. `service` did what nobody asked for. */
export function describeChange(service: string, { action, object, before, after, invocationId }: ChangeMade): Change {
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  return {
    action,
    object,
    actor: currentActor() ?? { kind: 'service', id: service },
    before: before === undefined ? null : hashOf(before),
    after: after === undefined ? null : hashOf(after),
    changed: changedFields(before, after),
    ...(invocationId === undefined ? {} : { invocationId }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** SHA-256, in hex, over the canonical JSON (RFC 8785) of a value. */
export function hashOf(value: unknown): string {
  // Only what has an escape may have what cannot be stored, and be worth reading anew.
  const isPlainText = JSON.stringify(value)?.includes('\\u') !== true;
  const canonical = canonicalize(isPlainText ? value : JSON.parse(storableJson(value))) ?? 'null';
  return hash('sha256', canonical);
}

/** Tells the log of a change, in the transaction that makes it. */
export async function recordChange<C extends EventContract>(
  tx: Transaction,
  contract: C,
  { organizationId, ...made }: ChangeMade & { organizationId: string },
): Promise<void> {
  const service = contract.subject.split('.', 1)[0]!;
  await addToOutbox(tx, contract, { organizationId, payload: describeChange(service, made) as PayloadOf<C> });
}

/** More names than this say no more than that much was changed. */
const MAX_NAMES = 200;
const MAX_NAME_LENGTH = 200;

function changedFields(before: unknown, after: unknown): string[] {
  if (!isPlain(before) || !isPlain(after)) return [];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const differ = names.filter((name) => hashOf(before[name] ?? null) !== hashOf(after[name] ?? null));
  return differ.slice(0, MAX_NAMES).map((name) => name.slice(0, MAX_NAME_LENGTH));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
