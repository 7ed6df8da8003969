import { Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import type { InvocationRecord, runner } from '@patchbay/contracts/runner';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { Nats } from '@patchbay/service-kit/messaging/nats';
import { bytesInList, firstThatFit, replyRoomBytes } from '@patchbay/service-kit/messaging/reply-room';
import { DataSource } from 'typeorm';
import { runningRecord, toRecord, withoutPreviews, type StoredRecord } from '../outside/invocation-rows.ts';
import { InvocationRepository, type Standing } from '../outside/invocation.repository.ts';
import { LedgerRepository } from '../outside/ledger.repository.ts';
import { brokenSeals } from '../outside/seal-chain.ts';

type Input = InputOf<typeof runner.listInvocations>;
type Reply = ReplyOf<typeof runner.listInvocations>;

/** The most that the contract takes; for whoever only says where to go on. */
const PAGE_ITEMS = 500;
/** Records may be 100 KiB each: no more are read than a page holds, and a few. */
const CHUNK_ROWS = 100;
/** Of every reply, for what asks us and puts records into an answer of its own. */
const SPARE_BYTES = 64 * 1024;

@Injectable()
export class ListInvocations {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly ledger: LedgerRepository,
    @Nats() private readonly nats: NatsConnection,
  ) {}

  async run(input: Input): Promise<Reply> {
    const { organizationId, sessionId, after, limit } = input;
    const isWhole = after === undefined && limit === undefined;
    const room = { items: isWhole ? Infinity : (limit ?? PAGE_ITEMS), bytes: replyRoomBytes(this.nats) - SPARE_BYTES };
    return inOrganization(this.source, organizationId, async (tx) => {
      // Those that run first: one that ends between the two questions is then listed twice, never left out.
      const running = (await this.ledger.listRunning(tx, organizationId, sessionId)).map(runningRecord);
      const { rows, isLast } = await this.#endedAfter(tx, input, room);
      const found = merge(rows, running, after ?? '', isLast);
      const page = fitted(found, room);
      const isComplete = isLast && page.length === found.length;
      if (isWhole && !isComplete) throw doesNotFit(sessionId);
      const invocations = await this.#judged(tx, input, page, rows);
      return { invocations: await this.#withOriginals(tx, input, invocations, running), next: isComplete ? null : page.at(-1)!.invocationId };
    });
  }

  /** Ended ones behind the cursor, until there is one more than fits or there are no more. */
  async #endedAfter(tx: Transaction, input: Input, room: { items: number; bytes: number }): Promise<{ rows: StoredRecord[]; isLast: boolean }> {
    const rows: StoredRecord[] = [];
    for (let bytes = 0; rows.length <= room.items && bytes <= room.bytes;) {
      const chunk = await this.invocations.listAfter(tx, input, rows.at(-1)?.invocation_id ?? input.after ?? '', CHUNK_ROWS);
      rows.push(...chunk);
      if (chunk.length < CHUNK_ROWS) return { rows, isLast: true };
      for (const row of chunk) bytes += bytesInList(toRecord(row, true));
    }
    return { rows, isLast: false };
  }

  /** What is on the page, each with whether its seal holds. */
  async #judged(tx: Transaction, input: Input, page: InvocationRecord[], rows: StoredRecord[]): Promise<InvocationRecord[]> {
    const shown = new Set(page.map(({ invocationId }) => invocationId));
    const sealed = rows.filter((row) => shown.has(row.invocation_id));
    const broken = brokenSeals(sealed, await this.invocations.findLinksBeside(tx, input, sealed));
    return page.map((one) => (one.seal && broken.has(one.invocationId) ? { ...one, seal: { ...one.seal, intact: false } } : one));
  }

  /** A repeat was answered with how its original stood at the time; it ends as the original has ended. */
  async #withOriginals(tx: Transaction, input: Input, page: InvocationRecord[], running: InvocationRecord[]): Promise<InvocationRecord[]> {
    const known = new Map<string, Standing>([...running, ...page].map((one) => [one.invocationId, one]));
    // A repeat may have joined another one, and that one stand on another page.
    for (let unseen = unseenOriginals(known); unseen.length > 0; unseen = unseenOriginals(known)) {
      const originals = await this.invocations.findStandings(tx, input, unseen);
      if (originals.length === 0) break;
      for (const one of originals) known.set(one.invocationId, one);
    }
    return page.map((one) => ({ ...one, status: originalOf(one, known)?.status ?? one.status }));
  }
}

/** Oldest first; those that run and are newer than the last one that was read belong to a later page. */
function merge(rows: StoredRecord[], running: InvocationRecord[], after: string, isLast: boolean): InvocationRecord[] {
  const ended = rows.map((row) => toRecord(row, true));
  const known = new Set(ended.map(({ invocationId }) => invocationId));
  const until = isLast ? null : ended.at(-1)!.invocationId;
  const others = running.filter(({ invocationId: id }) => id > after && !known.has(id) && (until === null || id < until));
  return [...ended, ...others].sort((a, b) => (a.invocationId < b.invocationId ? -1 : 1));
}

/** At least one, so that who goes on from it gets ahead. */
function fitted(found: InvocationRecord[], room: { items: number; bytes: number }): InvocationRecord[] {
  const fitting = firstThatFit(found, room);
  const [first] = found;
  if (fitting.length > 0 || !first) return fitting;
  const shortened = firstThatFit([withoutPreviews(first)], room);
  if (shortened.length > 0) return shortened;
  const { invocationId } = first;
  throw new ServiceError('payload_too_large', `${invocationId} alone is larger than one message; go on behind it with \`after\`.`, {
    details: { after: invocationId },
  });
}

function doesNotFit(sessionId: string): ServiceError {
  return new ServiceError('payload_too_large', `The invocations of ${sessionId} do not fit into one message. Ask for pages with \`limit\` and \`after\`.`);
}

function unseenOriginals(known: Map<string, Standing>): string[] {
  return [...known.values()].flatMap(({ replayOf }) => (replayOf !== null && !known.has(replayOf) ? [replayOf] : []));
}

function originalOf(one: Standing, known: Map<string, Standing>): Standing | undefined {
  let original: Standing | undefined = one;
  for (let steps = 0; original?.replayOf && steps < known.size; steps++) original = known.get(original.replayOf);
  return original;
}
