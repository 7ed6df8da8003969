import { Body, Controller, Headers, Param } from '@nestjs/common';
import type { ApiCaller } from '@patchbay/contracts/access';
import { DEADLINE_HEADER, edge } from '@patchbay/contracts/edge';
import { z } from 'zod';
import { Caller, Route } from '../http/route.ts';
import { EdgeRequests } from '../outside/edge-requests.ts';

const OPERATIONS = Object.fromEntries(Object.values(edge).map((contract) => [contract.operation, contract]));

@Controller()
export class EdgeOperationsController {
  constructor(private readonly edges: EdgeRequests) {}

  @Route(
    'POST /v1/edges/:edgeId/:operation',
    {
      summary: `An operation of the edge contract over HTTP: ${Object.keys(OPERATIONS).join(', ')}.`,
      input: z.object({}).loose(),
      output: z.unknown(),
      errors: ['session_not_found', 'session_ended', 'not_found', 'forbidden'],
    },
    { permission: 'calls:act', status: 200, oneOf: { parameter: 'operation', contracts: OPERATIONS } },
  )
  send(
    @Caller() caller: ApiCaller,
    @Param('edgeId') edgeId: string,
    @Param('operation') operation: string,
    @Body() body: unknown,
    @Headers(DEADLINE_HEADER) deadlineMs: string | undefined,
  ) {
    return this.edges.send({
      organizationId: caller.organizationId,
      edgeId,
      operation,
      body,
      deadlineMs: Number(deadlineMs) > 0 ? Number(deadlineMs) : null,
    });
  }
}
