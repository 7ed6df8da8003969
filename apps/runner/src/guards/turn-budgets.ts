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

/** The longest budget a version may have. Turn ids come from edges: what they can make us keep is bounded. */
const KEPT = { idleMs: 60_000, maxKeys: 100_000 };

/** One budget for all calls of a turn: the caller waits once, however many functions the model calls. */
export class TurnBudgets {
  readonly #turns: RecentMap<{ endsAt: number }>;

  constructor(private readonly clock: Clock = monotonicClock) {
    this.#turns = new RecentMap(KEPT, clock);
  }

  /** The first call of a turn fixes its end. */
  leftMs({ organizationId, sessionId, turnId, turnBudgetMs }: BudgetedTurn): number {
    const now = this.clock();
    const turn = this.#turns.at(`${organizationId} ${sessionId} ${turnId}`, () => ({ endsAt: now + turnBudgetMs }), now);
    return turn.endsAt - now;
  }

  /** The earlier of what the edge asked for and what the turn has left. */
  deadlineOf(turn: BudgetedTurn, asked: Deadline | null): Deadline {
    const leftMs = this.leftMs(turn);
    return asked !== null && asked.remainingMs <= leftMs ? asked : new Deadline(leftMs);
  }
}
