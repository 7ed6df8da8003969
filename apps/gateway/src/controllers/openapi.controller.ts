import { Controller, Get } from '@nestjs/common';
import { openApiDocument } from '../http/openapi.ts';
import { Public } from '../http/route.ts';
import { CONTROLLERS } from './all.ts';

@Controller()
export class OpenApiController {
  readonly #document = openApiDocument(CONTROLLERS);

  @Get('openapi.json')
  @Public()
  get() {
    return this.#document;
  }
}
