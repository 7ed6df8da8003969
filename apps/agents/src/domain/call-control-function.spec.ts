import { describe, expect, it } from '@jest/globals';
import { compileSchema } from '@patchbay/arguments/compile-schema';
import type { CallControl } from '@patchbay/contracts/call-control';
import { callControlFunction } from './call-control-function.ts';

const sales = { name: 'sales', kind: 'phone', to: '+15555550100', ringSeconds: 20 } as const;
const support = { name: 'support', kind: 'agent', to: 'Support', ringSeconds: 30 } as const;
const aTransfer = (asked: Partial<Extract<CallControl, { action: 'transfer' }>> = {}): CallControl => ({
  action: 'transfer',
  mode: 'cold',
  hunt: false,
  targets: [sales, support],
  ...asked,
});

/** Whether a model may give these arguments. */
function takes(callControl: CallControl, args: Record<string, unknown>): boolean {
  return compileSchema(callControlFunction(callControl).parameters)(args).length === 0;
}

describe('the function of a transfer', () => {
  it('asks for one of its targets by name', () => {
    expect(takes(aTransfer(), { destination: 'sales' })).toBe(true);
    expect(takes(aTransfer(), { destination: '+15555550100' })).toBe(false);
    expect(takes(aTransfer(), {})).toBe(false);
    expect(callControlFunction(aTransfer()).description).toBe('Transfers the call to one of: sales, support.');
  });

  it.each([
    ['there is one target', aTransfer({ targets: [sales] })],
    ['the targets are a hunt list', aTransfer({ hunt: true })],
  ])('asks for nothing when %s', (_when, callControl) => {
    expect(takes(callControl, {})).toBe(true);
    expect(takes(callControl, { destination: 'sales' })).toBe(false);
  });

  it('has the time in which it rings, and 10 seconds to report', () => {
    expect(callControlFunction(aTransfer()).timeoutMs).toBe(40_000);
    expect(callControlFunction(aTransfer({ hunt: true })).timeoutMs).toBe(60_000);
  });
});

describe('the function that presses keys', () => {
  it('asks for the keys of a phone', () => {
    expect(takes({ action: 'send_dtmf' }, { digits: '1w2,3#*A' })).toBe(true);
    for (const digits of ['', 'one', '1 2', '0'.repeat(33)]) expect(takes({ action: 'send_dtmf' }, { digits })).toBe(false);
    expect(takes({ action: 'send_dtmf' }, {})).toBe(false);
  });
});

describe('the other functions of a call', () => {
  it.each<CallControl>([
    { action: 'end_call' },
    { action: 'hold' },
    { action: 'pause_inactivity', forSeconds: 60 },
    { action: 'resume_inactivity' },
  ])('ask for nothing but a reason: $action', (callControl) => {
    expect(takes(callControl, {})).toBe(true);
    expect(takes(callControl, { reason: 'The caller looks for a number.' })).toBe(true);
    expect(takes(callControl, { destination: 'sales' })).toBe(false);
    expect(callControlFunction(callControl)).toMatchObject({
      toolId: `call_${callControl.action}`,
      timeoutMs: 10_000,
      description: expect.stringMatching(/\.$/),
    });
  });
});
