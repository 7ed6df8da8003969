import { Injectable } from '@nestjs/common';
import { calls } from '@patchbay/contracts/calls';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import type { PreparedArguments } from '../arguments/prepared-arguments.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import type { Invocation, Step } from './invocation.ts';

/** The function's definition can be used; the arguments fit its JSON Schema and come from where the rules say, or every wrong one is named. */
@Injectable()
export class CheckArguments implements Step {
  constructor(@Client(calls) private readonly callsClient: ClientOf<typeof calls>) {}

  run(invocation: Invocation): Verdict | undefined | Promise<Verdict | undefined> {
    const defect = invocation.function!.defect();
    if (defect) return inactive(invocation, defect);
    return asksForCaller(invocation) ? this.#withCallerWords(invocation) : check(invocation, []);
  }

  /** The one look-up before a request: only where the builder wants an argument to be the caller's own. */
  async #withCallerWords(invocation: Invocation): Promise<Verdict | undefined> {
    const { organizationId, input, leftMs } = invocation;
    const question = { organizationId, sessionId: input.sessionId, afterPosition: 0 };
    const { turns } = await this.callsClient.listTurns(question, { timeoutMs: Math.max(1, leftMs) });
    return check(
      invocation,
      turns.filter(({ role }) => role === 'caller').map(({ text }) => text),
    );
  }
}

/** What exactly is wrong is for the builder, in the evidence; a model could do nothing about it. */
function inactive(invocation: Invocation, defect: Error): Verdict {
  invocation.decide('arguments', 'inactive', defect.message);
  const message = `The function ${invocation.function!.name} is not active: its definition cannot be used. Nothing was sent.`;
  return refused('rejected', 'function_inactive', message, { hint: 'Do not call it again. Tell the caller that this cannot be done at the moment.' });
}

function asksForCaller({ function: called }: Invocation): boolean {
  return Object.values(called!.origins ?? {}).some((allowed) => allowed.includes('caller'));
}

function check(invocation: Invocation, callerTurns: string[]): Verdict | undefined {
  const { variables = {}, callerNumber = null } = invocation.session ?? {};
  const session = { variables, callerNumber };
  const prepared = invocation.function!.prepare(invocation.input.arguments, { session, callerTurns, now: invocation.receivedAt });
  note(invocation, prepared);
  return prepared.problems.length === 0 ? undefined : refusal(prepared.problems);
}

function note(invocation: Invocation, prepared: PreparedArguments): void {
  invocation.arguments = prepared.arguments;
  invocation.origins = prepared.origins;
  invocation.normalised = prepared.normalised;
  for (const { path } of prepared.normalised) invocation.decide('arguments', 'normalised', path);
}

function refusal(fields: FieldProblem[]): Verdict {
  const wording = fields.map(({ path, problem }) => `${path} ${problem}`.trim()).join('; ');
  return refused('rejected', 'invalid_arguments', `The arguments do not fit: ${wording}.`, {
    fields,
    hint: 'Ask the caller for what is missing or wrong, then call the function again.',
  });
}
