import { describe, expect, it } from '@jest/globals';
import type { CallControl, TransferTarget } from '@patchbay/contracts/call-control';
import { agentTargets, callControlProblems } from './transfer-target.ts';

type Transfer = Extract<CallControl, { action: 'transfer' }>;

const aTarget = (asked: Partial<TransferTarget> = {}): TransferTarget => ({ name: 'desk', kind: 'phone', to: '+15555550100', ringSeconds: 20, ...asked });
const aTransfer = (targets: TransferTarget[], hunt = false): Transfer => ({ action: 'transfer', mode: 'cold', hunt, targets });
const problemsOf = (...targets: TransferTarget[]) => callControlProblems(aTransfer(targets), 'callControl');

describe('the target of a transfer', () => {
  it.each(['+15555550100', '+4930123456', '+862012345678901'])('may be the phone number %s', (to) => {
    expect(problemsOf(aTarget({ to }))).toEqual([]);
  });

  it.each(['15555550100', '+1 555 555 0100', '+05555550100', '+1555', '+8620123456789012', 'tel:+15555550100', '+15555550100\r\nVia: x'])(
    'may not be the phone number %j',
    (to) => {
      expect(problemsOf(aTarget({ to }))).toEqual([
        { path: 'callControl.targets.0.to', problem: 'is not a number in E.164 like +15555550100' },
      ]);
    },
  );

  it.each([
    'sip:desk@example.com',
    'sips:+15555550100@pbx.example.com:5061;transport=tls',
    'sip:pbx.example.com',
    'sip:desk@[2001:db8::1]:5060',
    'SIP:desk@10.0.0.7',
  ])('may be the SIP URI %s', (to) => {
    expect(problemsOf(aTarget({ kind: 'sip', to }))).toEqual([]);
  });

  it.each([
    'desk@example.com',
    'sip:',
    'sip:desk@',
    'sip:desk@exa mple.com',
    'sip:desk@example.com?Replaces=x',
    'sip:desk@example.com\r\nVia: x',
    'https://example.com',
  ])('may not be the SIP URI %j', (to) => {
    expect(problemsOf(aTarget({ kind: 'sip', to }))).toEqual([
      { path: 'callControl.targets.0.to', problem: 'is not a SIP URI like sip:desk@example.com' },
    ]);
  });

  it('has a name of its own', () => {
    expect(problemsOf(aTarget(), aTarget({ to: '+15555550101' }))).toEqual([
      { path: 'callControl.targets.1.name', problem: 'is the name of targets.0 too' },
    ]);
  });
});

describe('a hunt list', () => {
  const five = Array.from({ length: 5 }, (_, at) => aTarget({ name: `desk ${at}`, ringSeconds: 120 }));

  it('is refused when it rings for longer than a function may take', () => {
    expect(callControlProblems(aTransfer(five, true), 'callControl')).toEqual([
      { path: 'callControl.targets', problem: 'ring for 600 seconds one after the other; 590 are allowed' },
    ]);
  });

  it('may have the same targets when only one of them is picked', () => {
    expect(callControlProblems(aTransfer(five), 'callControl')).toEqual([]);
  });
});

describe('the agents that a call may be handed to', () => {
  it('are named with their place', () => {
    const targets = [aTarget(), aTarget({ kind: 'agent', to: 'Billing' })];

    expect(agentTargets(aTransfer(targets), 'callControl')).toEqual([{ path: 'callControl.targets.1.to', agent: 'Billing' }]);
  });

  it('are none when nothing is transferred', () => {
    expect(agentTargets({ action: 'hold' }, 'callControl')).toEqual([]);
    expect(agentTargets(undefined, 'callControl')).toEqual([]);
  });
});
