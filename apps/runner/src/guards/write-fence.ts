import type { FunctionSnapshot } from '@patchbay/contracts/agents';
import type { SessionSnapshot } from '@patchbay/contracts/calls';
import { EFFECT_RULES } from '@patchbay/contracts/effect';

export type FenceDecision = 'send' | 'mock' | 'fenced';

export interface FencedCall extends Pick<FunctionSnapshot, 'effect' | 'mock'> {
  channel: SessionSnapshot['channel'];
  /** Of the resolved connection; false where there is none. Asked only if it decides. */
  isSandbox: () => boolean;
}

/** Outside live calls nothing changes the world: a mock answers, a sandbox may be written to, and everything else stays here. */
export function writeFence({ channel, effect, mock, isSandbox }: FencedCall): FenceDecision {
  if (channel !== 'test') return 'send';
  if (mock !== undefined) return 'mock';
  return EFFECT_RULES[effect].inTests === 'send' || isSandbox() ? 'send' : 'fenced';
}

/** Whether the connection must be resolved before the fence can decide. */
export function needsSandbox({ channel, effect, mock }: Omit<FencedCall, 'isSandbox'>): boolean {
  return channel === 'test' && mock === undefined && EFFECT_RULES[effect].inTests === 'fence';
}
