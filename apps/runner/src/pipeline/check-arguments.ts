import { Injectable } from '@nestjs/common';
import { refused, type Verdict } from '../domain/verdict.ts';
import type { Invocation, Step } from './invocation.ts';

/** The arguments fit the function's JSON Schema, or every wrong one is named. */
@Injectable()
export class CheckArguments implements Step {
  run({ function: called, input }: Invocation): Verdict | undefined {
    const fields = called!.problemsWith(input.arguments);
    if (fields.length === 0) return undefined;
    const wording = fields.map(({ path, problem }) => `${path} ${problem}`).join('; ');
    return refused('rejected', 'invalid_arguments', `The arguments do not fit: ${wording}.`, {
      fields,
      hint: 'Ask the caller for what is missing or wrong, then call the function again.',
    });
  }
}
