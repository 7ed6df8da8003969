import { All, Controller } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { Open } from '../http/route.ts';

/** Without it an unknown API path would be taken for a page of the console. */
@Controller()
export class UnknownRouteController {
  @All(['v1/*', 'otlp/*'])
  @Open('It only says that there is nothing.')
  refuse(): never {
    throw new ServiceError('not_found', 'There is no such route; see /openapi.json.');
  }
}
