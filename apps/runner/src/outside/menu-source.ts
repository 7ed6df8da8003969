import { Injectable } from '@nestjs/common';
import { CircuitBreakers } from '../guards/circuit-breakers.ts';
import type { MenuFacts } from '../guards/menu.ts';
import { ConnectionStates } from './connection-states.ts';

/** What decides about an organization's menus, from this process's memory. */
@Injectable()
export class MenuSource {
  constructor(
    private readonly breakers: CircuitBreakers,
    private readonly connections: ConnectionStates,
  ) {}

  facts(organizationId: string): MenuFacts {
    return {
      breakerOf: (providerKey) => this.breakers.state(providerKey),
      connectionOf: (connectionId) => this.connections.get(organizationId, connectionId),
    };
  }
}
