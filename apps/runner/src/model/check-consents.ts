import type { History } from './history.ts';
import type { UsedYes } from './rows.ts';
import type { Turn } from './virtual-call.ts';

/** Nothing that asks first happens without a yes that the caller gave to it, after the read-back; and one yes is good for one intent. */
export function brokenConsents(history: History): string[] {
  return [...effectsWithoutYes(history), ...badYes(history), ...yesUsedTwice(history)];
}

/** A second order of the same needs a yes, too, whatever the function. */
function effectsWithoutYes({ effects, tables }: History): string[] {
  const agreed = new Set(tables.usedYes.map(({ intentId }) => intentId));
  return effects
    .filter(({ request }) => (request.asksFirst || request.intent!.epoch > 1) && !agreed.has(request.intent!.intentId))
    .map(({ key }) => `no write without its consent: ${key} happened without a yes`);
}

function badYes({ turns, tables }: History): string[] {
  return tables.usedYes
    .filter((used) => !isGood(used))
    .map(({ consentId, turnId }) => `no write without its consent: ${turnId} is no yes to ${consentId}`);

  function isGood(used: UsedYes): boolean {
    const consent = tables.consents.find(({ consentId }) => consentId === used.consentId)!;
    const intent = tables.intents.find(({ intentId }) => intentId === used.intentId);
    const turn = turns.find(({ turnId }) => turnId === used.turnId);
    const isForIt = intent?.function === consent.function && intent.argumentsHash === consent.argumentsHash;
    if (!isForIt || turn === undefined || !isAnswer(turn, consent.askedSince)) return false;
    return !isTakenBack(turns, turn, consent.askedSince, used.acceptedAt) && !isBeforeAgent(turns, turn, consent.afterIndex, used.acceptedAt);
  }
}

function isAnswer(turn: Turn, askedSince: number): boolean {
  return turn.role === 'caller' && turn.text === 'yes' && turn.spokenAt >= askedSince;
}

/** When a call was made is told by the clock of its runner. */
const SKEW_MS = 250;

/** The agent had not spoken yet since it was asked for; that it has was on record well before the call was made. */
function isBeforeAgent(turns: readonly Turn[], yes: Turn, afterIndex: number, acceptedAt: number): boolean {
  const spoken = turns.filter(({ role, index, recordedAtMs }) => role === 'agent' && index > afterIndex && recordedAtMs < acceptedAt - SKEW_MS);
  return spoken.length > 0 && spoken.every(({ spokenAt }) => spokenAt > yes.spokenAt);
}

/** The caller had said something else since, and it was on record well before the call was made. */
function isTakenBack(turns: readonly Turn[], yes: Turn, askedSince: number, acceptedAt: number): boolean {
  const since = turns.filter(
    ({ role, position, spokenAt }) => role === 'caller' && position > yes.position && spokenAt > yes.spokenAt && spokenAt >= askedSince,
  );
  const last = since.findLast((turn) => turn.text !== 'um' && turn.recordedAtMs < acceptedAt - SKEW_MS);
  return last !== undefined && last.text !== 'yes';
}

function yesUsedTwice({ tables }: History): string[] {
  const seen = new Set<string>();
  return tables.usedYes.flatMap(({ turnId }) => {
    const isAgain = seen.has(turnId);
    seen.add(turnId);
    return isAgain ? [`no write without its consent: the yes ${turnId} was used twice`] : [];
  });
}
