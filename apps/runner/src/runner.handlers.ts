import { Controller } from '@nestjs/common';
import type { InputOf } from '@patchbay/contracts/define';
import { runner } from '@patchbay/contracts/runner';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { CountSettling } from './use-cases/count-settling.ts';
import { ListInvocations } from './use-cases/list-invocations.ts';
import { ListUnavailable } from './use-cases/list-unavailable.ts';
import { OfferAgain } from './use-cases/offer-again.ts';

/** What other services ask of the runner. */
@Controller()
export class RunnerHandlers {
  constructor(
    private readonly listInvocations: ListInvocations,
    private readonly countSettling: CountSettling,
    private readonly offerAgain: OfferAgain,
    private readonly listUnavailable: ListUnavailable,
  ) {}

  @Handles(runner.listInvocations)
  list(input: InputOf<typeof runner.listInvocations>) {
    return this.listInvocations.run(input);
  }

  @Handles(runner.countSettling)
  settling(input: InputOf<typeof runner.countSettling>) {
    return this.countSettling.run(input);
  }

  @Handles(runner.offerAgain)
  offer(input: InputOf<typeof runner.offerAgain>) {
    return this.offerAgain.run(input);
  }

  @Handles(runner.listUnavailable)
  unavailable(input: InputOf<typeof runner.listUnavailable>) {
    return this.listUnavailable.run(input);
  }
}
