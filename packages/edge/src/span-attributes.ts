/**
 * Names of span attributes; values of a call never stand in them. Source: OpenTelemetry semantic conventions (messaging v1.44, GenAI v1.41); `voice.*` and
 * `app.*` are the platform's own, and the same as in its services.
 */
export const ATTR = {
  organizationId: 'app.org.id',
  edgeId: 'voice.edge.id',
  conversationId: 'gen_ai.conversation.id',
  sessionId: 'session.id',
  agentId: 'gen_ai.agent.id',
  agentVersion: 'gen_ai.agent.version',
  turnId: 'voice.turn.id',
  turnIndex: 'voice.turn.index',
  wasInterrupted: 'voice.turn.was_interrupted',
  errorType: 'error.type',
  messagingSystem: 'messaging.system',
  messagingOperationType: 'messaging.operation.type',
  messagingOperationName: 'messaging.operation.name',
  messagingDestinationTemplate: 'messaging.destination.template',
} as const;

export const TRACER = '@patchbay/edge';
