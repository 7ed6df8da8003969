import { Controller } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { CompleteSignIn } from './use-cases/complete-sign-in.ts';
import { EndSignIn } from './use-cases/end-sign-in.ts';
import { StartSignIn } from './use-cases/start-sign-in.ts';

/** People sign in at their identity provider, and out here. */
@Controller()
export class SignInHandlers {
  constructor(
    private readonly startSignIn: StartSignIn,
    private readonly completeSignIn: CompleteSignIn,
    private readonly endSignIn: EndSignIn,
  ) {}

  @Handles(credentials.startSignIn)
  begun(input: InputOf<typeof credentials.startSignIn>) {
    return this.startSignIn.run(input);
  }

  @Handles(credentials.completeSignIn)
  completed(input: InputOf<typeof credentials.completeSignIn>) {
    return this.completeSignIn.run(input);
  }

  @Handles(credentials.endSignIn)
  ended(input: InputOf<typeof credentials.endSignIn>) {
    return this.endSignIn.run(input);
  }
}
