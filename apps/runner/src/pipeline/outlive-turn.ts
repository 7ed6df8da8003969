import { Injectable } from '@nestjs/common';
import type { Invocation, Step } from './invocation.ts';

/** What takes longer than the turn has left is answered `pending` now and goes on behind the reply, in its own time. */
@Injectable()
export class OutliveTurn implements Step {
  run(invocation: Invocation): undefined {
    if (!outlivesTurn(invocation)) return;
    invocation.decide('turn', 'goes on', 'the function takes longer than the turn has left');
    invocation.goOn();
  }
}

export function outlivesTurn({ function: called, leftMs }: Invocation): boolean {
  return called?.poll !== undefined || (called?.expectedMs ?? 0) > Math.max(0, leftMs);
}
