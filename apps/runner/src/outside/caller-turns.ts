import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { edge } from '@patchbay/contracts/edge';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { edgeOf } from '@patchbay/service-kit/messaging/request-context';
import { monotonicClock } from '../guards/clock.ts';
import { RecentMap } from '../guards/recent-map.ts';

/** As far back as people refer to what they said. */
const KEPT_TURNS = 12;
/** A caller says less in a turn; what an edge sends is bounded here. */
const MAX_CHARACTERS = 1_000;
/** The longest call. */
const KEPT = { idleMs: 14_400_000, maxKeys: 50_000 };

/**
 * What callers have said lately, overheard as their edges report it: enough to tell where an argument came from, without a question to
 * anybody. What must be certain (a consent, a rule about origins) asks calls, which has the record.
 */
@Injectable()
export class CallerTurns implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #sessions = new RecentMap<string[]>(KEPT, monotonicClock);
  #subscription: Subscription | undefined;

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  onApplicationBootstrap(): void {
    // Without a queue group: every runner hears every turn, and nobody is kept from answering it.
    this.#subscription = this.nats.subscribe(edge.turn.subject, { callback: (error, message) => void (error ?? this.#hear(message)) });
  }

  beforeApplicationShutdown(): void {
    this.#subscription?.unsubscribe();
  }

  /** Oldest first. */
  of(organizationId: string, sessionId: string): readonly string[] {
    return this.#sessions.find(`${organizationId} ${sessionId}`) ?? [];
  }

  #hear(message: Msg): void {
    const from = edgeOf(message.subject);
    const turn = from && readTurn(message);
    if (!from || !turn) return;
    const turns = this.#sessions.at(`${from.organizationId} ${turn.sessionId}`, () => []);
    turns.push(turn.text.slice(0, MAX_CHARACTERS));
    if (turns.length > KEPT_TURNS) turns.shift();
  }
}

/** Null for what is none of the caller's, or malformed: whoever answers turns says so to the edge. */
function readTurn(message: Msg): { sessionId: string; text: string } | null {
  try {
    const { sessionId, role, text } = message.json<Record<string, unknown>>();
    return role === 'caller' && typeof sessionId === 'string' && typeof text === 'string' ? { sessionId, text } : null;
  } catch {
    return null;
  }
}
