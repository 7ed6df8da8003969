import type { Verdict } from '../domain/verdict.ts';
import type { ModelInvocation } from './model-invocation.ts';
import type { Turn } from './virtual-call.ts';
import type { Effect, ProviderRequest } from './virtual-provider.ts';
import type { VirtualProcess } from './virtual-process.ts';
import type { VirtualTables } from './virtual-tables.ts';

export interface Told {
  at: number;
  /** Who was answered; the outcome may be that of another. */
  to: ModelInvocation;
  invocationId: string;
  status: Verdict['status'];
  replayed: boolean;
}

/** What happened, as far as a promise speaks of it. */
export interface History {
  accepted: { invocation: ModelInvocation; at: number; process: VirtualProcess }[];
  told: Told[];
  effects: Effect[];
  received: (ProviderRequest & { at: number; process: VirtualProcess })[];
  turns: Turn[];
  tables: VirtualTables;
  endedAt: number;
  /** Nothing was under way any more when the run ended. */
  isQuiet: boolean;
}
