import { beforeEach, describe, expect, it } from '@jest/globals';
import { Deadline } from '@patchbay/service-kit/messaging/request-context';
import { TurnBudgets, type BudgetedTurn } from './turn-budgets.ts';

const TURN: BudgetedTurn = { organizationId: 'org_a', sessionId: 'ses_a', turnId: 'trn_a', turnBudgetMs: 4_000 };

describe('the budget of a turn', () => {
  let now: number;
  let budgets: TurnBudgets;

  beforeEach(() => {
    now = 10_000;
    budgets = new TurnBudgets(() => now);
  });

  it('is shared by all its calls and starts with the first', () => {
    expect(budgets.leftMs(TURN)).toBe(4_000);
    now += 2_500;
    expect(budgets.leftMs(TURN)).toBe(1_500);
    now += 2_000;
    expect(budgets.leftMs(TURN)).toBe(-500);
  });

  it('is its own for every turn, session and organization', () => {
    budgets.leftMs(TURN);
    now += 3_000;

    expect(budgets.leftMs({ ...TURN, turnId: 'trn_b' })).toBe(4_000);
    expect(budgets.leftMs({ ...TURN, sessionId: 'ses_b' })).toBe(4_000);
    expect(budgets.leftMs({ ...TURN, organizationId: 'org_b' })).toBe(4_000);
    expect(budgets.leftMs(TURN)).toBe(1_000);
  });

  it('becomes the deadline where the edge asks for none or for a later one', () => {
    expect(budgets.deadlineOf(TURN, null).budgetMs).toBe(4_000);
    now += 1_000;
    expect(budgets.deadlineOf(TURN, new Deadline(60_000)).budgetMs).toBe(3_000);
  });

  it('leaves an earlier deadline of the edge as it is', () => {
    const asked = new Deadline(500);

    expect(budgets.deadlineOf(TURN, asked)).toBe(asked);
  });

  it('is not renewed by being asked for, however long the calls go on', () => {
    for (let call = 0; call < 100; call++) {
      now += 1_000;
      budgets.leftMs(TURN);
    }

    expect(budgets.leftMs(TURN)).toBeLessThan(-90_000);
  });

  it('is forgotten when many turns of the same session have come after it', () => {
    budgets.leftMs(TURN);
    now += 3_000;
    for (let later = 0; later < 16; later++) budgets.leftMs({ ...TURN, turnId: `trn_${later}` });

    expect(budgets.leftMs({ ...TURN, turnId: 'trn_15' })).toBe(4_000);
    expect(budgets.leftMs(TURN)).toBe(4_000);
  });
});
