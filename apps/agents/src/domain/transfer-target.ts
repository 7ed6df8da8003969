import type { CallControl, TransferTarget } from '@patchbay/contracts/call-control';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { ringingMs } from './call-control-function.ts';

/** A country code, which never begins with 0, and at most 15 digits in all; below 7 nobody has a number. Source: ITU-T E.164. */
const E164 = /^\+[1-9][0-9]{6,14}$/;
/** `sip:user@host`, with a port and parameters; no headers, which would become part of the INVITE. Source: RFC 3261, 19.1. */
const SIP_URI =
  /^sips?:(?:[\w\-.!~*'()%&=+$,;?/:]+@)?(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:;[\w\-.!~*'()%[\]/:&+$=]+)*$/i;
/** The longest that the outcome of a function may take, less what an edge needs to report. */
const LONGEST_RINGING_MS = 590_000;

/** What is wrong with a function of the call as it is written, whoever exists; `path` is where it stands. */
export function callControlProblems(callControl: CallControl, path: string): FieldProblem[] {
  if (callControl.action !== 'transfer') return [];
  const { targets } = callControl;
  const at = `${path}.targets`;
  const ringMs = ringingMs(callControl);
  const tooLong = { path: at, problem: `ring for ${ringMs / 1_000} seconds one after the other; ${LONGEST_RINGING_MS / 1_000} are allowed` };
  return [
    ...targets.flatMap((target, index) => [
      ...addressProblems(target, `${at}.${index}.to`),
      ...repeatProblems(targets, index, `${at}.${index}.name`),
    ]),
    ...(ringMs > LONGEST_RINGING_MS ? [tooLong] : []),
  ];
}

function addressProblems({ kind, to }: TransferTarget, path: string): FieldProblem[] {
  if (kind === 'phone' && !E164.test(to)) return [{ path, problem: 'is not a number in E.164 like +15555550100' }];
  if (kind === 'sip' && !SIP_URI.test(to)) return [{ path, problem: 'is not a SIP URI like sip:desk@example.com' }];
  return [];
}

/** A model names a target by its name alone. */
function repeatProblems(targets: TransferTarget[], at: number, path: string): FieldProblem[] {
  const first = targets.findIndex(({ name }) => name === targets[at]?.name);
  return first === at ? [] : [{ path, problem: `is the name of targets.${first} too` }];
}

/** The agents that a function of the call may hand the caller to, by id or name, and where each stands. */
export function agentTargets(callControl: CallControl | undefined, path: string): { path: string; agent: string }[] {
  if (callControl?.action !== 'transfer') return [];
  return callControl.targets.flatMap(({ kind, to }, at) => (kind === 'agent' ? [{ path: `${path}.targets.${at}.to`, agent: to }] : []));
}
