import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { edge } from '@patchbay/contracts/edge';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { edgeOf } from '@patchbay/service-kit/messaging/request-context';
import { CallerWords } from '../arguments/caller-words.ts';
import { monotonicClock } from '../guards/clock.ts';
import { RecentMap } from '../guards/recent-map.ts';

/** As far back as people refer to what they said. */
const KEPT_TURNS = 12;
/** A caller says less in a turn; what an edge sends is bounded here. */
const MAX_CHARACTERS = 1_000;
/** The longest call. */
const KEPT = { idleMs: 14_400_000, maxKeys: 50_000 };

interface Said {
  /** Oldest first. */
  turns: readonly string[];
  words: CallerWords;
}

/**
 * What callers have said lately, overheard as their edges report it: enough to tell where an argument came from, without a question to
 * anybody. What must be certain (a consent, a rule about origins) asks calls, which has the record.
 */
@Injectable()
export class CallerTurns implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #sessions = new RecentMap<Said>(KEPT, monotonicClock);
  #subscription: Subscription | undefined;

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  onApplicationBootstrap(): void {
    // Without a queue group: every runner hears every turn, and nobody is kept from answering it.
    this.#subscription = this.nats.subscribe(edge.turn.subject, { callback: (error, message) => void (error ?? this.#hear(message)) });
  }

  beforeApplicationShutdown(): void {
    this.#subscription?.unsubscribe();
  }

  /** The same until the next turn, so that what was read of it is read once. */
  of(organizationId: string, sessionId: string): CallerWords {
    return this.#sessions.find(`${organizationId} ${sessionId}`)?.words ?? CallerWords.NOBODY;
  }

  #hear(message: Msg): void {
    const from = edgeOf(message.subject);
    const turn = from && readTurn(message);
    if (!from || !turn) return;
    const said = this.#sessions.at(`${from.organizationId} ${turn.sessionId}`, () => ({ turns: [], words: CallerWords.NOBODY }));
    said.turns = [...said.turns, turn.text.slice(0, MAX_CHARACTERS)].slice(-KEPT_TURNS);
    said.words = new CallerWords(said.turns);
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
