import type { ResponseRules } from '@patchbay/contracts/action';
import type { OutcomeErrorCode } from '@patchbay/contracts/outcome';
import { joinHeaders } from './answer-view.ts';
import { type Condition, compileCondition } from './compile-condition.ts';
import type { Answered } from './send-result.ts';

export interface Judgement {
  kind: 'success' | 'failure';
  /** The first error rule that was true. */
  error?: { code: OutcomeErrorCode; message?: string; say?: string };
}

/** Says whether an answer with this body is a success. */
export type JudgeAnswer = (answer: Pick<Answered, 'status' | 'headers'>, body: unknown) => Judgement;

/** Compiles `errors` (the first that is true) and `success`; every 2xx is a success without them. Throws RuleError. */
export function compileJudge({ success, errors = [] }: Pick<ResponseRules, 'success' | 'errors'>): JudgeAnswer {
  const isSuccess: Condition = success === undefined ? isOk : compileCondition(success);
  const cases = errors.map(({ when, ...error }) => ({ isTrue: compileCondition(when), error }));
  if (success === undefined && cases.length === 0) return (answer) => ({ kind: isOk(answer) ? 'success' : 'failure' });
  return ({ status, headers }, body) => {
    const view = { status, headers: joinHeaders(headers), body };
    const found = cases.find(({ isTrue }) => isTrue(view));
    if (found !== undefined) return { kind: 'failure', error: found.error };
    return { kind: isSuccess(view) ? 'success' : 'failure' };
  };
}

export function isOk({ status }: { status: number }): boolean {
  return status >= 200 && status < 300;
}
