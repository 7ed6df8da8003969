import { beforeEach, describe, expect, it } from '@jest/globals';
import { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import type { PreparedRequest } from './build-request.ts';
import { Invocation } from './invocation.ts';

const INTENT = { intentId: 'int_1', argumentsHash: 'hash', epoch: 1, generation: 1 };
const PLACED = { method: 'POST', url: 'https://api.example.com/bookings', headers: {} } as const;

describe('a request that was made while the intent was committed', () => {
  let invocation: Invocation;
  let prepared: PreparedRequest;

  beforeEach(() => {
    const input = { sessionId: 'ses_1', turnId: 'trn_1', toolCallId: 'call_1', function: 'book', arguments: {} };
    invocation = new Invocation(input, new RequestContext('edge.v1.org_1.edge_1.invoke', null, 'org_1', 'edge_1'), '');
    invocation.intent = INTENT;
    prepared = { placed: PLACED, shown: PLACED, credential: undefined, intent: INTENT };
    invocation.prepared = prepared;
  });

  it('is sent, and made anew for the next attempt', () => {
    expect(invocation.takePrepared()).toBe(prepared);
    expect(invocation.takePrepared()).toBeUndefined();
  });

  it('is not sent when the ledger made it the try of another intent', () => {
    invocation.intent = { ...INTENT, generation: 2 };

    expect(invocation.takePrepared()).toBeUndefined();
  });

  it('is not sent when the secret was changed meanwhile', () => {
    invocation.credential = { connectionId: 'conn_1', version: 2 } as Invocation['credential'];

    expect(invocation.takePrepared()).toBeUndefined();
  });
});
