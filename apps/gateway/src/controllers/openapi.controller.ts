import { Controller, Get } from '@nestjs/common';
import { openApiDocument } from '../http/openapi.ts';
import { Open } from '../http/route.ts';
import { CONTROLLERS } from './all.ts';

@Controller()
export class OpenApiController {
  readonly #document = openApiDocument(CONTROLLERS);

  @Get('openapi.json')
  @Open('It is the same for everyone, and says nothing of anyone.')
  get() {
    return this.#document;
  }
}
