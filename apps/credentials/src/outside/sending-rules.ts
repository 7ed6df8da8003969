import { compileCondition } from '@patchbay/egress/compile-condition';
import { credentialHeaderProblem } from '@patchbay/egress/header-rules';
import { RuleError } from '@patchbay/egress/rule-error';
import type { SendingRules } from '../domain/connection-kinds.ts';

/** What the guarded client will send, asked before anything is stored. */
export const SENDING_RULES: SendingRules = {
  headerProblem: credentialHeaderProblem,
  conditionProblem(condition) {
    try {
      compileCondition(condition);
      return null;
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      return error.message;
    }
  },
};
