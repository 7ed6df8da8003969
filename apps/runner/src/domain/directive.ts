import { DTMF_DIGITS, picksDestination, type CallControl, type Directive } from '@patchbay/contracts/call-control';
import type { FieldProblem } from '@patchbay/contracts/errors';

type Arguments = Record<string, unknown>;
type ActionOf<A extends CallControl['action']> = Extract<CallControl, { action: A }>;
type Reading = { directive: Directive } | { problems: FieldProblem[] };

const DIGITS = new RegExp(DTMF_DIGITS);

/** What the edge shall do to the call, from how its builder set the function up and what the model chose; or which arguments do not fit. */
export function directiveOf(callControl: CallControl, args: Arguments): Reading {
  switch (callControl.action) {
    case 'transfer':
      return transferOf(callControl, args['destination']);
    case 'send_dtmf':
      return digitsOf(args['digits']);
    case 'end_call':
    case 'pause_inactivity':
    case 'resume_inactivity':
    case 'hold':
      return { directive: callControl };
  }
}

function transferOf({ targets, hunt, ...rest }: ActionOf<'transfer'>, destination: unknown): Reading {
  if (!picksDestination({ targets, hunt, ...rest })) return { directive: { ...rest, targets } };
  const chosen = targets.find(({ name }) => name === destination);
  if (chosen) return { directive: { ...rest, targets: [chosen] } };
  const names = targets.map(({ name }) => name).join(', ');
  return { problems: [{ path: 'destination', problem: `must be one of ${names}` }] };
}

function digitsOf(digits: unknown): Reading {
  if (typeof digits === 'string' && DIGITS.test(digits)) return { directive: { action: 'send_dtmf', digits } };
  return { problems: [{ path: 'digits', problem: 'must be 1 to 32 of 0-9, A-D, *, #, w and ,' }] };
}
