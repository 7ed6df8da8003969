import { once, EventEmitter } from 'node:events';
import { connect, headers, type ConnectionOptions, type Msg, type NatsConnection } from '@nats-io/transport-node';

/** What an edge sent, read as any NATS client would. */
export interface ReceivedRequest {
  subject: string;
  body: Record<string, unknown>;
  headers: Record<string, string>;
  replySubject: string;
}

/** What is answered, in the bytes of the wire; absent: nothing. */
export interface ScriptedAnswer {
  body?: unknown;
  /** Sent as it stands instead of the body. */
  text?: string;
  headers?: Record<string, string>;
}

export type Script = (request: ReceivedRequest) => ScriptedAnswer | undefined;

/** Stands in for the platform and knows nothing of its code: subjects, headers and JSON written by hand. */
export class ScriptedPlatform {
  readonly received: ReceivedRequest[] = [];
  readonly #arrivals = new EventEmitter();

  private constructor(readonly nats: NatsConnection) {}

  static async connect(url: string, options: ConnectionOptions = {}): Promise<ScriptedPlatform> {
    return new ScriptedPlatform(await connect({ servers: url, ...options }));
  }

  /** Answers an operation of every edge from now on; resolves when the server knows. */
  async answer(operation: string, script: Script): Promise<void> {
    this.nats.subscribe(`edge.v1.*.*.${operation}`, {
      callback: (_error, message) => {
        const request = read(message);
        this.received.push(request);
        const answer = script(request);
        if (answer) respond(message, answer);
        this.#arrivals.emit('request', request);
      },
    });
    await this.nats.flush();
  }

  /** The next request that arrives. */
  async next(): Promise<ReceivedRequest> {
    const [request] = (await once(this.#arrivals, 'request')) as [ReceivedRequest];
    return request;
  }

  async publish(subject: string, text: string): Promise<void> {
    this.nats.publish(subject, text);
    await this.nats.flush();
  }

  async stop(): Promise<void> {
    await this.nats.drain();
  }
}

function read(message: Msg): ReceivedRequest {
  const marks = message.headers;
  return {
    subject: message.subject,
    body: JSON.parse(new TextDecoder().decode(message.data)) as Record<string, unknown>,
    headers: Object.fromEntries((marks?.keys() ?? []).map((key) => [key, marks?.get(key) ?? ''])),
    replySubject: message.reply ?? '',
  };
}

function respond(message: Msg, answer: ScriptedAnswer): void {
  const marks = headers();
  for (const [name, value] of Object.entries(answer.headers ?? {})) marks.set(name, value);
  message.respond(answer.text ?? JSON.stringify(answer.body), { headers: marks });
}

/** A refusal as the edge contract words it: a number and a word in the headers, the facts in the body. */
export function refusal(status: number, code: string, facts: Record<string, unknown> = {}): ScriptedAnswer {
  return {
    headers: { 'Nats-Service-Error-Code': String(status), 'Nats-Service-Error': code },
    body: { code, message: `refused: ${code}`, ...facts },
  };
}
