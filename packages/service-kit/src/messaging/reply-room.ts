import type { NatsConnection } from '@nats-io/transport-node';

/** NATS's default, where the server has not said its own. */
const DEFAULT_MAX_PAYLOAD_BYTES = 1024 * 1024;

/** The bytes of JSON that one reply can carry. */
export function replyRoomBytes(nats: NatsConnection): number {
  return nats.info?.max_payload ?? DEFAULT_MAX_PAYLOAD_BYTES;
}

/** The bytes that an item takes in a list of a reply. */
export function bytesInList(item: unknown): number {
  return Buffer.byteLength(JSON.stringify(item)) + 1;
}

/** The first of the items that fit; none when the first alone does not. */
export function firstThatFit<T>(items: readonly T[], room: { items: number; bytes: number }): T[] {
  let bytes = 0;
  const end = items.findIndex((item, at) => {
    bytes += bytesInList(item);
    return at >= room.items || bytes > room.bytes;
  });
  return items.slice(0, end === -1 ? undefined : end);
}
