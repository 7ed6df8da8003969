import { ID_PREFIXES, type IdNoun } from '@patchbay/contracts/identity';
import { v7 as uuidv7 } from 'uuid';

/** Taken to hex directly: a text with dashes would have to be taken apart again, for each of several ids of every call. */
const bytes = Buffer.alloc(16);

/** A new id: prefix, `_`, UUIDv7 in hex. Ids of one process sort in the order they were made. */
export function newId(noun: IdNoun): string {
  return `${ID_PREFIXES[noun]}_${uuidv7(undefined, bytes).toString('hex')}`;
}

/** The smallest id of a noun made at or after a moment: the bound of a partition or a page. */
export function idFloor(noun: IdNoun, at: Date): string {
  return `${ID_PREFIXES[noun]}_${at.getTime().toString(16).padStart(12, '0')}`;
}

/** When an id was made, read from its time part. */
export function madeAt(id: string): Date {
  return new Date(Number.parseInt(id.slice(id.indexOf('_') + 1).slice(0, 12), 16));
}
