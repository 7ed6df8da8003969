import { randomUUID } from 'node:crypto';

/**
 * A new id of a turn: `trn_` and a UUIDv7 in hex (RFC 9562), so that ids sort by the millisecond they were made in.
 * The edge names its turns itself, because it must refer to a turn before the platform has answered.
 */
export function newTurnId(): string {
  const random = randomUUID().replaceAll('-', '');
  const timeMs = Date.now().toString(16).padStart(12, '0');
  // The first 12 digits are the time, the 13th is the version; the variant bits behind it are the same in every version.
  return `trn_${timeMs}7${random.slice(13)}`;
}
