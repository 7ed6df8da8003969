import type { SecretSlot } from '@patchbay/contracts/connections';
import { ServiceError } from '@patchbay/contracts/errors';
import type { StoredConnection } from './connection.ts';
import { unproven } from './connection-health.ts';

/** Longer than a next secret is tried out; what is older was left by a process that died. */
const TRIED_WITHIN_MS = 30_000;

/** A connection after a step of its rotation, and the versions that nothing refers to any more. */
export interface RotationStep {
  connection: StoredConnection;
  destroyed: number[];
}

export function slotOf({ slots }: StoredConnection, slot: SecretSlot['slot']): SecretSlot | undefined {
  return slots.find((candidate) => candidate.slot === slot);
}

/** Takes the slot `next`, which one rotation can have at a time. */
export function withNext(connection: StoredConnection, hint: string, now: Date): RotationStep {
  const left = slotOf(connection, 'next');
  if (left && endOf(left) > now) throw new ServiceError('conflict', 'Another rotation of this secret is under way; wait until it has ended.');
  const version = connection.lastVersion + 1;
  const until = new Date(now.getTime() + TRIED_WITHIN_MS).toISOString();
  const next: SecretSlot = { slot: 'next', version, hint, since: now.toISOString(), until };
  return { connection: { ...connection, lastVersion: version, slots: [...without(connection, 'next'), next] }, destroyed: left ? [left.version] : [] };
}

/** Throws `conflict` when the slot went to somebody else meanwhile. */
export function requireNext(connection: StoredConnection, version: number): SecretSlot {
  const next = slotOf(connection, 'next');
  if (next?.version === version) return next;
  throw new ServiceError('conflict', 'This rotation took too long, and another one took its place.');
}

/** `next` was refused: as if it had never been. */
export function withoutNext(connection: StoredConnection): RotationStep {
  return { connection: { ...connection, slots: without(connection, 'next') }, destroyed: versionsIn(connection, 'next') };
}

/** `next` becomes current, the current one `previous` for the grace time; an older previous one is gone. */
export function switched(connection: StoredConnection, graceMs: number, now: Date): RotationStep {
  const { version, hint } = requireSlot(connection, 'next', 'There is no next secret to switch to.');
  const older = versionsIn(connection, 'previous');
  const previous = slotFor(connection, 'previous', new Date(now.getTime() + graceMs).toISOString());
  const current = { ...unproven(connection), version, hint, versionSince: now };
  if (graceMs === 0) return { connection: { ...current, slots: [] }, destroyed: [...older, connection.version] };
  return { connection: { ...current, slots: [previous] }, destroyed: older };
}

/** The previous secret is current again, and the one that took its place stands in for it until the grace time ends. */
export function reverted(connection: StoredConnection, now: Date): StoredConnection {
  const previous = requireSlot(connection, 'previous', 'The previous secret is not kept any more.');
  if (endOf(previous) <= now) throw new ServiceError('failed_precondition', 'The previous secret is not kept any more.');
  const { version, hint, until } = previous;
  const slots = [...without(connection, 'previous'), slotFor(connection, 'previous', until)];
  return { ...unproven(connection), version, hint, versionSince: now, slots };
}

export function finished(connection: StoredConnection): RotationStep {
  const { version } = requireSlot(connection, 'previous', 'There is no previous secret to destroy.');
  return { connection: { ...connection, slots: without(connection, 'previous') }, destroyed: [version] };
}

/** Without the slots whose time has ended. */
export function cleared(connection: StoredConnection, now: Date): RotationStep {
  const ended = connection.slots.filter((slot) => endOf(slot) <= now);
  if (ended.length === 0) return { connection, destroyed: [] };
  const slots = connection.slots.filter((slot) => !ended.includes(slot));
  return { connection: { ...connection, slots }, destroyed: ended.map(({ version }) => version) };
}

/** When the first of the slots ends. */
export function slotsEndAt({ slots }: Pick<StoredConnection, 'slots'>): Date | null {
  const ends = slots.map((slot) => endOf(slot).getTime());
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

/** The previous secret while it may stand in. */
export function standIn(connection: StoredConnection, now: Date): SecretSlot | null {
  const previous = slotOf(connection, 'previous');
  return previous && endOf(previous) > now ? previous : null;
}

function endOf({ until }: SecretSlot): Date {
  return until === null ? new Date(0) : new Date(until);
}

function slotFor({ version, hint, versionSince }: StoredConnection, slot: SecretSlot['slot'], until: string | null): SecretSlot {
  return { slot, version, hint, since: versionSince.toISOString(), until };
}

function without({ slots }: StoredConnection, slot: SecretSlot['slot']): SecretSlot[] {
  return slots.filter((candidate) => candidate.slot !== slot);
}

function versionsIn(connection: StoredConnection, slot: SecretSlot['slot']): number[] {
  return connection.slots.filter((candidate) => candidate.slot === slot).map(({ version }) => version);
}

function requireSlot(connection: StoredConnection, slot: SecretSlot['slot'], absent: string): SecretSlot {
  const found = slotOf(connection, slot);
  if (!found) throw new ServiceError('failed_precondition', absent);
  return found;
}
