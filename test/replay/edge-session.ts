import type { EdgeIdentity, EdgeNode } from './edge-node.ts';
import type { ParsedJson } from './parsed-json.ts';
import type { AttributeValue, OtlpSpan } from './span-export.ts';
import { OpenSpan } from './traces.ts';

export interface SessionRequest {
  operation: string;
  /** Without the session id. */
  body: Record<string, unknown>;
  /** The turn it belongs to; null for the start and the end of the session. */
  turn: OpenSpan | null;
  /** May arrive twice without harm. */
  repeatable: boolean;
}

/** One session as the edge sees it: its requests, and the spans that lead to them. */
export class EdgeSession {
  readonly #edge: Pick<EdgeNode, 'ask'>;
  readonly #addSpan: (span: OtlpSpan) => void;
  #sessionId: string | null = null;
  #attributes: Record<string, AttributeValue>;

  constructor(
    edge: Pick<EdgeNode, 'ask'> & { identity: Pick<EdgeIdentity, 'organizationId' | 'edgeId'> },
    addSpan: (span: OtlpSpan) => void,
  ) {
    this.#edge = edge;
    this.#addSpan = addSpan;
    this.#attributes = { 'app.org.id': edge.identity.organizationId, 'voice.edge.id': edge.identity.edgeId };
  }

  async start(agentId: string, edgeCallId: string): Promise<string> {
    const body = { agent: agentId, channel: 'phone', direction: 'inbound', edgeCallId };
    // Not repeatable: a second session would be opened, and the first one would never end.
    const { reply } = await this.ask({ operation: 'session.start', body, turn: null, repeatable: false });
    this.#sessionId = reply.at('sessionId').string();
    this.#attributes = {
      ...this.#attributes,
      'gen_ai.conversation.id': this.#sessionId,
      'session.id': this.#sessionId,
      'gen_ai.agent.id': reply.at('agentId').string(),
      'gen_ai.agent.version': reply.at('agentVersion').string(),
    };
    return this.#sessionId;
  }

  /** The root of a turn's trace. */
  openTurn(turnId: string, index: number): OpenSpan {
    const own = { 'voice.turn.id': turnId, 'voice.turn.index': index, 'voice.turn.was_interrupted': false };
    return new OpenSpan(
      { name: 'turn', kind: 'internal', parent: null, attributes: { ...this.#attributes, ...own } },
      this.#addSpan,
    );
  }

  async ask(request: SessionRequest): Promise<{ reply: ParsedJson; spanId: string }> {
    const { operation, turn, repeatable } = request;
    const send = this.#openSend(operation, turn);
    const body = this.#sessionId === null ? request.body : { sessionId: this.#sessionId, ...request.body };
    try {
      const reply = await this.#edge.ask({ operation, body, traceparent: send.traceparent, repeatable });
      return { reply, spanId: send.spanId };
    } catch (error) {
      send.fail(error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      send.end();
      turn?.touch();
    }
  }

  #openSend(operation: string, turn: OpenSpan | null): OpenSpan {
    const template = `edge.v1.{org}.{edge}.${operation}`;
    const messaging = {
      'messaging.system': 'nats',
      'messaging.operation.type': 'send',
      'messaging.operation.name': 'request',
      'messaging.destination.template': template,
    };
    const attributes = { ...(turn?.attributes ?? this.#attributes), ...messaging };
    return new OpenSpan({ name: `send ${template}`, kind: 'producer', parent: turn, attributes }, this.#addSpan);
  }
}
