import { DTMF_DIGITS, picksDestination, type CallControl } from '@patchbay/contracts/call-control';

type Schema = Record<string, unknown>;
type Transfer = Extract<CallControl, { action: 'transfer' }>;

/** What an edge needs to act and to report, beside the ringing of a transfer. */
const REPORT_MS = 10_000;

/** What a tool says of itself, for a function of the call. */
export interface CallControlFunction {
  /** In the place of a tool's id: the action, the same in every agent. */
  toolId: string;
  description: string;
  parameters: Schema;
  /** How long the edge has to report. */
  timeoutMs: number;
}

export function callControlFunction(callControl: CallControl): CallControlFunction {
  const { action } = callControl;
  const ringMs = action === 'transfer' ? ringingMs(callControl) : 0;
  return {
    toolId: `call_${action}`,
    description: descriptionOf(callControl),
    parameters: parametersOf(callControl),
    timeoutMs: ringMs + REPORT_MS,
  };
}

/** Milliseconds that a transfer rings at the longest: those of a hunt list ring in turn, else only the one that was picked. */
export function ringingMs({ targets, hunt }: Transfer): number {
  const seconds = targets.map(({ ringSeconds }) => ringSeconds);
  return 1_000 * (hunt ? seconds.reduce((sum, one) => sum + one, 0) : Math.max(...seconds));
}

function descriptionOf(callControl: CallControl): string {
  switch (callControl.action) {
    case 'transfer':
      return transferDescription(callControl);
    case 'end_call':
      return 'Ends the call. Say goodbye first, and only when the caller has nothing left to ask.';
    case 'pause_inactivity':
      return `Lets the caller be silent for ${callControl.forSeconds} seconds, as when they look something up; nobody asks whether they are still there.`;
    case 'resume_inactivity':
      return 'Ends a pause that was granted to the caller: their silence counts again.';
    case 'send_dtmf':
      return 'Presses keys on the phone, as a menu that answered the call asks for. w waits half a second, a comma two.';
    case 'hold':
      return 'Puts the caller on hold.';
  }
}

function transferDescription(transfer: Transfer): string {
  const names = transfer.targets.map(({ name }) => name).join(', ');
  return picksDestination(transfer) ? `Transfers the call to one of: ${names}.` : `Transfers the call to ${names}.`;
}

function parametersOf(callControl: CallControl): Schema {
  switch (callControl.action) {
    case 'transfer':
      return picksDestination(callControl) ? required({ destination: destinationOf(callControl) }) : objectOf({});
    case 'send_dtmf':
      return required({ digits: { type: 'string', pattern: DTMF_DIGITS, description: 'The keys, in their order.' } });
    case 'end_call':
    case 'pause_inactivity':
    case 'resume_inactivity':
    case 'hold':
      return objectOf({ reason: { type: 'string', maxLength: 500, description: 'Why, in a few words, for the record.' } });
  }
}

function destinationOf({ targets }: Transfer): Schema {
  return { type: 'string', enum: targets.map(({ name }) => name), description: 'Where to.' };
}

function objectOf(properties: Schema): Schema {
  return { type: 'object', properties, additionalProperties: false };
}

function required(properties: Schema): Schema {
  return { ...objectOf(properties), required: Object.keys(properties) };
}
