import { breaker } from './breaker.ts';
import { burst } from './burst.ts';
import { clockStep } from './clock-step.ts';
import { consent } from './consent.ts';
import { duplicateDeliveries, parallelEqual } from './duplicates.ts';
import type { FaultCase } from './fault-case.ts';
import { hostileAnswers } from './hostile-answers.ts';
import { INTERRUPTIONS } from './interruptions.ts';
import { keysRotation } from './keys-rotation.ts';
import { killRunner } from './kill-runner.ts';
import { LARGE_ANSWERS } from './large-answers.ts';
import { noRunner } from './no-runner.ts';
import { natsRestart, postgresRestart } from './outages.ts';
import { PAUSED_RUNNER } from './paused-runner.ts';
import { PENDING } from './pending.ts';
import { PROVIDER_FAULTS } from './provider-faults.ts';
import { safeRepeat } from './safe-repeat.ts';
import { edgePartition, postgresSlow } from './slow-ways.ts';
import { stopRunner } from './stop-runner.ts';
import { throttled } from './throttled.ts';
import { writeFence } from './write-fence.ts';

/** In the order in which they are run. */
export const CASES: FaultCase[] = [
  killRunner,
  stopRunner,
  ...PAUSED_RUNNER,
  ...PENDING,
  clockStep,
  ...PROVIDER_FAULTS,
  hostileAnswers,
  safeRepeat,
  throttled,
  ...LARGE_ANSWERS,
  postgresRestart,
  postgresSlow,
  natsRestart,
  edgePartition,
  noRunner,
  duplicateDeliveries,
  parallelEqual,
  ...INTERRUPTIONS,
  breaker,
  burst,
  consent,
  writeFence,
  keysRotation,
];
