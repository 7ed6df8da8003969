import { describe, expect, it } from '@jest/globals';
import { CallControl, Directive } from '@patchbay/contracts/call-control';
import { directiveOf } from './directive.ts';

const SALES = { name: 'sales', kind: 'phone', to: '+15555550100', ringSeconds: 20 } as const;
const SUPPORT = { name: 'support', kind: 'sip', to: 'sip:support@example.com', ringSeconds: 30 } as const;

function aTransfer(asked: Partial<Extract<CallControl, { action: 'transfer' }>> = {}): CallControl {
  return { action: 'transfer', targets: [SALES, SUPPORT], hunt: false, mode: 'cold', ...asked };
}

/** The directive, in the form in which an edge takes it. */
function directive(callControl: CallControl, args: Record<string, unknown> = {}): Directive {
  const read = directiveOf(callControl, args);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  expect(Directive.parse(read.directive)).toEqual(read.directive);
  return read.directive;
}

describe('the directive of a transfer', () => {
  it('goes to the target that the model named', () => {
    expect(directive(aTransfer({ mode: 'warm', message: 'One moment.' }), { destination: 'support' })).toEqual({
      action: 'transfer',
      mode: 'warm',
      message: 'One moment.',
      targets: [SUPPORT],
    });
  });

  it('goes to the only target, whatever the arguments say', () => {
    expect(directive(aTransfer({ targets: [SALES] }), { destination: 'elsewhere' })).toMatchObject({ targets: [SALES] });
  });

  it('tries every target of a hunt list in its order', () => {
    expect(directive(aTransfer({ hunt: true }))).toMatchObject({ targets: [SALES, SUPPORT] });
  });

  it.each([[{}], [{ destination: 'billing' }], [{ destination: '+19005550100' }], [{ destination: ['sales'] }]])(
    'goes nowhere with the arguments %j, and says which names there are',
    (args) => {
      expect(directiveOf(aTransfer(), args)).toEqual({
        problems: [{ path: 'destination', problem: 'must be one of sales, support' }],
      });
    },
  );
});

describe('the directive of tones', () => {
  it.each(['5', '1w2,3#', '*0A', '0'.repeat(32)])('sends %s', (digits) => {
    expect(directive({ action: 'send_dtmf' }, { digits })).toEqual({ action: 'send_dtmf', digits });
  });

  it.each([undefined, 5, '', 'five', '12 34', '1\n', '0'.repeat(33)])('does not send %j', (digits) => {
    expect(directiveOf({ action: 'send_dtmf' }, { digits })).toEqual({
      problems: [{ path: 'digits', problem: expect.any(String) }],
    });
  });
});

describe('the directive of what needs no argument', () => {
  it.each<CallControl>([
    { action: 'end_call', message: 'Goodbye.' },
    { action: 'pause_inactivity', forSeconds: 90 },
    { action: 'resume_inactivity' },
    { action: 'hold', musicUrl: 'https://example.com/wait.mp3' },
  ])('is $action as its builder set it up', (callControl) => {
    expect(directive(callControl, { reason: 'The caller asked for it.' })).toEqual(callControl);
  });
});
