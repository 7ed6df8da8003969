import type { Attempt } from '@patchbay/contracts/runner';
import { storableText } from '@patchbay/service-kit/database/storable-json';
import { canonicalText, hashOf } from '../pipeline/canonical-arguments.ts';
import type { InvocationTable, StoredSeal } from '../tables/invocation.table.ts';

type Sealed = Omit<InvocationTable, 'status' | 'attempt' | 'verify_at' | 'stored_at' | 'received_at'> & { received_at: string };

/** From here on they came after the end: the seal does not cover them. */
export const FIRST_LATER_ATTEMPT = 100;

export function linkHash(previous: string, content: string): string {
  return hashOf(`${previous}\n${content}`);
}

/**
 * What a seal is put on: everything that is kept when an invocation ends, but for the seal itself. Lists in a fixed order need no sorting;
 * only what is shaped by others is written canonically.
 */
export function sealedContent(row: Sealed, attempts: readonly Attempt[]): string {
  const { intentId, decisions, origins, consent, replayOf } = row.facts ?? {};
  return JSON.stringify([
    [row.org_id, row.invocation_id, row.session_id, row.turn_id, row.edge_id, row.tool_call_id, row.function, row.effect, row.version_id],
    [row.trace_id, row.received_at, row.duration_ms, intentId, replayOf],
    [canonicalText(row.arguments), canonicalText(row.verdict), canonicalText(decisions), canonicalText(origins), canonicalText(consent)],
    attempts.map(attemptContent),
  ]);
}

/** Texts of others as they are stored: what PostgreSQL cannot hold is replaced there. */
function attemptContent(one: Attempt): unknown[] {
  const { attempt, kind, startedAt, method, url, requestBytes, status, responseBytes, wireBytes, errorCode, connectionId, connectionVersion } = one;
  const texts = [url, one.requestPreview, one.responsePreview, one.providerMessageId, one.curl].map((text) => text && storableText(text));
  const timings = Object.entries(one.timings).sort(([a], [b]) => (a < b ? -1 : 1));
  return [attempt, kind, startedAt, method, requestBytes, status, responseBytes, wireBytes, errorCode, connectionId, connectionVersion, texts, timings, one.missingFields];
}

/** What is sealed of something that was learnt later. */
export function learntContent(invocationId: string, verdict: unknown): string {
  return JSON.stringify([invocationId, canonicalText(verdict)]);
}

/** A stored record with its attempts, oldest first. */
export type SealedRecord = InvocationTable & { attempts: Attempt[] };

/** A link of a record that is not judged; it only shows which links follow it. */
export interface StoredLink extends StoredSeal {
  invocationId: string;
}

interface Link extends StoredLink {
  content: string | null;
}

/**
 * Those of the invocations whose record, or place in its chain, is not what it was when it was sealed. `others` are links of the session's
 * other records: at least all that stand in a chain at the place of one of theirs, or right before it.
 */
export function brokenSeals(rows: readonly SealedRecord[], others: readonly StoredLink[]): Set<string> {
  const broken = new Set<string>();
  const links: Link[] = [...rows.flatMap(linksOf), ...others.map((link) => ({ ...link, content: null }))];
  for (const chain of Map.groupBy(links, (link) => link.chain).values()) {
    let last = { sequence: 0, hash: '' };
    for (const link of chain.sort(byPlace)) {
      const follows = link.sequence === last.sequence + 1 && link.previous === last.hash;
      const isRight = link.content === null || (follows && link.hash === linkHash(link.previous, link.content));
      if (!isRight) broken.add(link.invocationId);
      last = link;
    }
  }
  return broken;
}

/** The places in chains that say whether these records follow what was before them. */
export function placesBeside(rows: readonly SealedRecord[]): { chain: string; sequence: number }[] {
  const seals = rows.flatMap(({ facts }) => [facts?.seal ?? [], facts?.learnt?.seal ?? []].flat());
  return seals.flatMap(({ chain, sequence }) => [sequence - 1, sequence].map((place) => ({ chain, sequence: place })));
}

function byPlace(a: Link, b: Link): number {
  return a.sequence - b.sequence || Number(a.invocationId > b.invocationId) - Number(a.invocationId < b.invocationId);
}

function linksOf(row: SealedRecord): Link[] {
  const { seal, learnt } = row.facts ?? {};
  const invocationId = row.invocation_id;
  const links: Link[] = [];
  if (seal) {
    const original = { ...row, received_at: row.received_at.toISOString(), verdict: learnt ? learnt.before : row.verdict };
    const attempts = row.attempts.filter(({ attempt }) => attempt < FIRST_LATER_ATTEMPT);
    links.push({ ...seal, invocationId, content: sealedContent(original, attempts) });
  }
  if (learnt) links.push({ ...learnt.seal, invocationId, content: learntContent(invocationId, row.verdict) });
  return links;
}
