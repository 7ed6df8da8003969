import { ServiceError } from '@patchbay/contracts/errors';
import type { TokenProblem } from '../../domain/oauth/token-problem.ts';

/** No tokens, and why. To a caller it is `failed_precondition` in words; never with a cause, which could hold an answer's body. */
export class TokenFailure extends ServiceError {
  constructor(readonly problem: TokenProblem) {
    super('failed_precondition', problem.text);
  }
}
