import type { Figure } from '../figure.ts';
import type { Stage } from '../scene.ts';

/** One way to break the platform, and what has to hold meanwhile and afterwards. */
export interface FaultCase {
  name: string;
  /** One line for `--list`. */
  summary: string;
  /** The names of the figures begin with the name of the case. */
  run(stage: Stage): Promise<Figure[]>;
}
