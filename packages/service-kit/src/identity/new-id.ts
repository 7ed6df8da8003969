import { ID_PREFIXES, type IdNoun } from '@patchbay/contracts/identity';
import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** Taken to hex directly: a text with dashes would have to be taken apart again, for each of several ids of every call. */
const bytes = Buffer.alloc(16);
/** Asked for many ids at once: the system takes longer for random bytes than all the rest of an id. */
const randoms = Buffer.alloc(256 * bytes.length);
let takenRandoms = randoms.length;
let lastMs = 0;
let sequence = 0;

/** A new id: prefix, `_`, UUIDv7 in hex. Ids of one process sort in the order they were made, also when the clock is set back. */
export function newId(noun: IdNoun): string {
  const random = nextRandom();
  const nowMs = Date.now();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    // Half of what the 32 bits hold stays for counting on.
    sequence = random.readUInt32BE() >>> 1;
  } else sequence++;
  return `${ID_PREFIXES[noun]}_${uuidv7({ msecs: lastMs, seq: sequence, random }, bytes).toString('hex')}`;
}

function nextRandom(): Buffer {
  if (takenRandoms === randoms.length) {
    randomFillSync(randoms);
    takenRandoms = 0;
  }
  return randoms.subarray(takenRandoms, (takenRandoms += bytes.length));
}

/** The smallest id of a noun made at or after a moment: the bound of a partition or a page. */
export function idFloor(noun: IdNoun, at: Date): string {
  return `${ID_PREFIXES[noun]}_${at.getTime().toString(16).padStart(12, '0')}`;
}

/** When an id was made, read from its time part. */
export function madeAt(id: string): Date {
  return new Date(Number.parseInt(id.slice(id.indexOf('_') + 1).slice(0, 12), 16));
}
