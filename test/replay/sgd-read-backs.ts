import { UnreadableInput } from './parsed-json.ts';
import type { ParsedJson } from './parsed-json.ts';

/** A read-back and what the caller answered to it. */
export interface ReadBack {
  /** The place of the agent's turn that reads it; the caller's answer is the turn behind it. */
  turn: number;
  service: string;
  method: string;
  said: 'yes' | 'no';
  arguments: Record<string, unknown>;
}

/**
 * The agent's turns with a CONFIRM act that the caller answers with AFFIRM or NEGATE. A caller who agrees and in the same turn names
 * a value has not agreed to what was read: that is a no. What is not in the CONFIRM acts was confirmed before, or stands in the state.
 */
export function readReadBacks(turns: ParsedJson[]): ReadBack[] {
  const confirmed = new Map<string, Record<string, unknown>>();
  return turns.flatMap((turn, index) => {
    const frame = framesOf(turn).find((one) => actsOf(one).some(isConfirm));
    const [before, answer] = [turns[index - 1], turns[index + 1]];
    if (!frame || !before || !answer) return [];
    const service = frame.at('service').string();
    const state = stateOf(before, service);
    const method = state.at('active_intent').string();
    const key = `${service} ${method}`;
    const read = Object.fromEntries(actsOf(frame).filter(isConfirm).map(slotOf));
    confirmed.set(key, { ...confirmed.get(key), ...read });
    const said = answerOf(answer);
    const given = { ...firstValues(state.at('slot_values')), ...confirmed.get(key) };
    return said === null ? [] : [{ turn: index, service, method, said, arguments: given }];
  });
}

function framesOf(turn: ParsedJson): ParsedJson[] {
  return turn.at('frames').items();
}

function actsOf(frame: ParsedJson): ParsedJson[] {
  return frame.has('actions') ? frame.at('actions').items() : [];
}

function isConfirm(act: ParsedJson): boolean {
  return act.at('act').string() === 'CONFIRM';
}

function slotOf(act: ParsedJson): [slot: string, value: unknown] {
  return [act.at('slot').string(), act.at('canonical_values').items()[0]?.value ?? act.at('values').items()[0]?.value];
}

function stateOf(turn: ParsedJson, service: string): ParsedJson {
  const frame = framesOf(turn).find((one) => one.at('service').string() === service);
  if (!frame) throw new UnreadableInput(turn.place, `has no state of ${service}, which is read back after it`);
  return frame.at('state');
}

function firstValues(slots: ParsedJson): Record<string, unknown> {
  return Object.fromEntries(Object.keys(slots.record()).map((slot) => [slot, slots.at(slot).items()[0]?.value]));
}

function answerOf(turn: ParsedJson): ReadBack['said'] | null {
  const acts = new Set(framesOf(turn).flatMap(actsOf).map((act) => act.at('act').string()));
  if (acts.has('NEGATE') || (acts.has('AFFIRM') && acts.has('INFORM'))) return 'no';
  return acts.has('AFFIRM') ? 'yes' : null;
}
