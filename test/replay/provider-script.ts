import { canonicalJson } from './canonical-json.ts';
import type { RecordedAnswer } from './conversation.ts';

export interface ExpectedCall {
  callId: string;
  tool: string;
  arguments: Record<string, unknown>;
  answer: RecordedAnswer;
}

interface Slot {
  call: ExpectedCall;
  /** Announced and not settled yet. */
  open: boolean;
  requests: number;
}

/**
 * What the provider is going to be asked. A request carries nothing that tells which recorded call it is, because
 * nothing may be added to the arguments: so the player announces each call before it invokes, and settles it after.
 */
export class ProviderScript {
  readonly #slots = new Map<string, Slot[]>();
  readonly #byCallId = new Map<string, Slot>();

  expect(call: ExpectedCall): void {
    const key = keyOf(call.tool, call.arguments);
    const slot = { call, open: true, requests: 0 };
    this.#slots.set(key, [...(this.#slots.get(key) ?? []), slot]);
    this.#byCallId.set(call.callId, slot);
  }

  settle(callId: string): void {
    const slot = this.#byCallId.get(callId);
    if (slot) slot.open = false;
  }

  /**
   * The call a request stands for: the first announced one that was not asked for yet. Only when there is none, the
   * request repeats an earlier one (a retry, or work taken over from a process that died) and gets the same answer again.
   */
  match(tool: string, sent: unknown): ExpectedCall | null {
    const slots = this.#slots.get(keyOf(tool, sent)) ?? [];
    const next = slots.find(({ open, requests }) => open && requests === 0);
    const slot =
      next ?? slots.findLast(({ open }) => open) ?? slots.findLast(({ requests }) => requests > 0) ?? slots.at(-1);
    if (!slot) return null;
    slot.requests += 1;
    return slot.call;
  }

  /** The announced calls of a tool that nobody has asked for: what a request that matches nothing was probably meant to be. */
  awaited(tool: string): ExpectedCall[] {
    return [...this.#byCallId.values()]
      .filter(({ call, open, requests }) => call.tool === tool && open && requests === 0)
      .map(({ call }) => call);
  }
}

function keyOf(tool: string, sent: unknown): string {
  return `${tool} ${canonicalJson(sent)}`;
}
