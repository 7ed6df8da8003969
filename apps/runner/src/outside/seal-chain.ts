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

interface Link extends StoredSeal {
  invocationId: string;
  content: string;
}

/** The invocations of a session whose record, or place in its chain, is not what it was when it was sealed. */
export function brokenSeals(rows: readonly SealedRecord[]): Set<string> {
  const broken = new Set<string>();
  const chains = Map.groupBy(rows.flatMap(linksOf), ({ chain }) => chain);
  for (const links of chains.values()) {
    let last = { sequence: 0, hash: '' };
    for (const link of links.sort((a, b) => a.sequence - b.sequence)) {
      const follows = link.sequence === last.sequence + 1 && link.previous === last.hash;
      if (!follows || link.hash !== linkHash(link.previous, link.content)) broken.add(link.invocationId);
      last = link;
    }
  }
  return broken;
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
