import { Deadline } from '@patchbay/service-kit/messaging/request-context';
import { monotonicClock, type Clock } from './clock.ts';
import { RecentMap } from './recent-map.ts';

export interface BudgetedTurn {
  organizationId: string;
  sessionId: string;
  turnId: string;
  /** Of the agent; counts from the turn's first call. */
  turnBudgetMs: number;
}

/** The longest budget a version may have. */
const KEPT = { idleMs: 60_000, maxKeys: 100_000 };
/** Of each session: turns follow each other. Their ids come from edges, and what those can make us keep is bounded. */
const TURNS_KEPT = 16;

/** One budget for all calls of a turn: the caller waits once, however many functions the model calls. */
export class TurnBudgets {
  /** When the latest turns of each session end, by their ids. */
  readonly #sessions: RecentMap<Map<string, number>>;

  constructor(private readonly clock: Clock = monotonicClock) {
    this.#sessions = new RecentMap(KEPT, clock);
  }

  /** The first call of a turn fixes its end. */
  leftMs({ organizationId, sessionId, turnId, turnBudgetMs }: BudgetedTurn): number {
    const now = this.clock();
    const turns = this.#sessions.at(`${organizationId} ${sessionId}`, () => new Map(), now);
    const endsAt = turns.get(turnId);
    if (endsAt !== undefined) return endsAt - now;
    turns.set(turnId, now + turnBudgetMs);
    if (turns.size > TURNS_KEPT) turns.delete(turns.keys().next().value!);
    return turnBudgetMs;
  }

  /** The earlier of what the edge asked for and what the turn has left. */
  deadlineOf(turn: BudgetedTurn, asked: Deadline | null): Deadline {
    const leftMs = this.leftMs(turn);
    return asked !== null && asked.remainingMs <= leftMs ? asked : new Deadline(leftMs);
  }
}
