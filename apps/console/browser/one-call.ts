import type { Session, TimelineEntry } from '@patchbay/contracts/calls';
import type { Span } from '@patchbay/contracts/observability';

type Invocation = Extract<TimelineEntry, { kind: 'invocation' }>;

const STARTED_AT = '2026-03-02T10:00:00.000Z';
export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
export const AGENT_TRACE_ID = '00f067aa0ba902b7a3ce929d0e0e4736';

/** Moments of the call, in milliseconds from its start. */
export const at = (offsetMs: number): string => new Date(Date.parse(STARTED_AT) + offsetMs).toISOString();

export const session: Session = {
  sessionId: 'ses_0198c0ffee01',
  edgeId: 'edge_0198c0ffee02',
  agentId: 'agt_0198c0ffee03',
  agentName: 'Table reservations',
  agentVersion: 'ver_0198c0ffee04',
  channel: 'phone',
  direction: 'inbound',
  callerNumber: '+14155550134',
  calledNumber: '+14155550100',
  edgeCallId: null,
  state: 'ended',
  startedAt: STARTED_AT,
  endedAt: at(42_000),
  endReason: 'caller_hung_up',
  turns: 2,
};

/** As the evidence has it: what authenticates the request is a placeholder. */
export const CURL = `curl -X POST 'https://api.reservations.example/v2/tables' -H 'authorization: Bearer $SECRET' -d '{"seats":2}'`;

const invocation: Invocation = {
  kind: 'invocation',
  at: at(4_900),
  invocationId: 'inv_0198c0ffee05',
  sessionId: session.sessionId,
  turnId: 'trn_1',
  toolCallId: 'call_1',
  function: 'reserve_table',
  effect: 'write.reversible',
  arguments: { restaurant: 'Sushi Yoshizumi', seats: 2 },
  status: 'succeeded',
  result: { confirmation: 'K7Q2' },
  say: 'Your table for two is booked.',
  receivedAt: at(4_900),
  durationMs: 148,
  traceId: TRACE_ID,
  heard: 'full',
  attempts: [
    {
      attempt: 1,
      startedAt: at(4_908),
      method: 'POST',
      url: 'https://api.reservations.example/v2/tables',
      requestBytes: 48,
      requestPreview: '{"restaurant":"Sushi Yoshizumi","seats":2}',
      status: 201,
      responseBytes: 23,
      responsePreview: '{"confirmation":"K7Q2"}',
      errorCode: null,
      connectionId: 'conn_0198c0ffee06',
      connectionVersion: 3,
      timings: { dns: 3, connect: 9, tls: 24, firstByte: 131, total: 136 },
      kind: 'request',
      wireBytes: 19,
      missingFields: ['table'],
      providerMessageId: 'req_77',
      curl: CURL,
    },
  ],
  intentId: 'int_0198c0ffee08',
  decisions: [
    { step: 'resolve-function', decision: 'found' },
    { step: 'consent', decision: 'passed', why: 'the caller said yes to these arguments' },
  ],
  origins: { restaurant: 'caller', seats: 'model' },
  consent: {
    consentId: 'cns_0198c0ffee09',
    readBack: 'A table for two at Sushi Yoshizumi, is that right?',
    argumentsHash: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
    verdict: 'affirm',
    turnId: 'trn_1',
    words: 'Yes, please.',
    at: at(4_800),
  },
  replayOf: null,
  seal: { chain: 'ses_0198c0ffee01.run_1', sequence: 3, previous: `0123456789ab${'0'.repeat(52)}`, hash: `fedcba987654${'0'.repeat(52)}`, intact: true },
};

const refused: Invocation = {
  ...invocation,
  at: at(20_000),
  invocationId: 'inv_0198c0ffee07',
  function: 'refund_deposit',
  status: 'rejected',
  arguments: {},
  result: undefined,
  say: undefined,
  heard: null,
  error: {
    code: 'invalid_arguments',
    message: 'The arguments do not fit.',
    fields: [{ path: 'amount', problem: 'is missing' }],
  },
  attempts: [],
  intentId: null,
  decisions: [{ step: 'check-arguments', decision: 'rejected', why: 'amount is missing' }],
  origins: {},
  consent: null,
  seal: null,
};

/** The agent said it before the refund was refused. */
export const claim: TimelineEntry = {
  kind: 'claim',
  at: at(23_000),
  claimId: 'clm_0198c0ffee10',
  turnId: 'trn_2',
  traceId: AGENT_TRACE_ID,
  claim: 'Your deposit is on its way back.',
  effect: 'refunded',
  hint: 'No refund succeeded in this call.',
};

export const entries: TimelineEntry[] = [
  {
    kind: 'turn',
    at: at(1_200),
    turnId: 'trn_1',
    index: 0,
    role: 'caller',
    text: 'A table for two at Sushi Yoshizumi, please.',
    endedAt: at(4_800),
    interrupted: false,
    traceId: TRACE_ID,
  },
  invocation,
  {
    kind: 'turn',
    at: at(5_400),
    turnId: 'trn_2',
    index: 1,
    role: 'agent',
    text: 'Your table for two is booked.',
    endedAt: at(7_300),
    interrupted: true,
    traceId: AGENT_TRACE_ID,
  },
  refused,
];

const START_NANO = BigInt(Date.parse(at(4_880))) * 1_000_000n;

function aSpan(name: string, service: string, index: number, offsetMs: number, durationMs: number): Span {
  return {
    traceId: TRACE_ID,
    spanId: `span${index}`,
    parentSpanId: index === 0 ? null : `span${index - 1}`,
    name,
    kind: 'internal',
    service,
    startUnixNano: String(START_NANO + BigInt(offsetMs * 1_000_000)),
    durationMs,
    status: 'ok',
    attributes: { 'gen_ai.conversation.id': session.sessionId },
  };
}

/** One trace of a turn, from the edge to the provider. */
export const spans: Span[] = [
  aSpan('turn', 'edge', 0, 0, 176),
  aSpan('send invoke', 'edge', 1, 18, 154),
  aSpan('process invoke', 'runner', 2, 20, 149),
  aSpan('execute_tool reserve_table', 'runner', 3, 21, 146),
  aSpan('POST', 'runner', 4, 28, 136),
];
