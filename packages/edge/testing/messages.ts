/** Ids of the edge under test, and answers of the platform as the edge contract describes them. */
export const organizationId = 'org_0190b6f0aaaa7000800000000000000a';
export const edgeId = 'edge_0190b6f0bbbb7000800000000000000b';

export const started = {
  sessionId: 'ses_0190b6f0cccc7000800000000000000c',
  agentId: 'agt_1',
  agentVersion: 'ver_1',
  instructions: 'Be kind.',
  functions: [
    { name: 'check_order', description: 'Looks an order up.', parameters: { type: 'object' }, effect: 'read', speculative: true },
  ],
  unavailable: [{ name: 'refund', reason: 'breaker_open', say: 'Refunds do not work just now.' }],
  turnBudgetMs: 4_000,
  maxDurationMs: 600_000,
  inactivity: { checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 },
};

export const outcome = {
  invocationId: 'inv_1',
  status: 'succeeded',
  result: { eta: 'tomorrow' },
  say: 'Your order arrives tomorrow.',
  replayed: false,
  attempts: 1,
  durationMs: 41.5,
  traceId: '0af7651916cd43dd8448eb211c80319c',
};

/** Which call and invocation an event is about. */
export const about = { invocationId: 'inv_1', toolCallId: 'call_1', turnId: 'trn_1', function: 'check_order' };

export const call = { agent: 'support', channel: 'phone', direction: 'inbound', callerNumber: '+15555550100' } as const;

export const invoke = {
  turnId: 'trn_1',
  toolCallId: 'call_1',
  function: 'check_order',
  arguments: { orderId: '12345' },
};

export function utterance(second: number, text: string, role: 'caller' | 'agent' = 'caller') {
  return {
    role,
    text,
    startedAt: new Date(Date.UTC(2026, 0, 1, 12, 0, second)),
    endedAt: new Date(Date.UTC(2026, 0, 1, 12, 0, second + 1)),
  };
}
