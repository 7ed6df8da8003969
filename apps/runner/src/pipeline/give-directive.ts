import { Injectable } from '@nestjs/common';
import { directiveOf } from '../domain/directive.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import type { Invocation, Step } from './invocation.ts';

/** What the call itself shall do is the edge's to carry out: it gets a directive, and settles the invocation with its report. */
@Injectable()
export class GiveDirective implements Step {
  run(invocation: Invocation): Verdict | undefined {
    const { callControl } = invocation.function!;
    if (!callControl) return undefined;
    const reading = directiveOf(callControl, invocation.arguments);
    if ('problems' in reading) {
      return refused('rejected', 'invalid_arguments', 'The arguments do not fit.', { fields: reading.problems });
    }
    invocation.decide('directive', reading.directive.action);
    return { status: 'pending', directive: reading.directive };
  }
}
