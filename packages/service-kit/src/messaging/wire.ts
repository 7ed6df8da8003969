import { headers, type Msg } from '@nats-io/transport-node';
import { ERROR_CODE_HEADER, ERROR_WORD_HEADER, ServiceError } from '@patchbay/contracts/errors';
import { sendReply } from './replies.ts';

/** Plain UTF-8 JSON, as every NATS client in any language writes it. An empty body is an empty object. */
export function readBody(message: Msg, maxBytes: number): unknown {
  if (message.data.length > maxBytes) {
    throw new ServiceError(
      'payload_too_large',
      `The body has ${message.data.length} bytes; ${maxBytes} are allowed.`,
      { details: { maxBytes } },
    );
  }
  if (message.data.length === 0) return {};
  try {
    return message.json();
  } catch (cause) {
    throw new ServiceError('invalid_arguments', `The body is not valid JSON: ${(cause as Error).message}`, {
      details: { fields: [{ path: '', problem: 'is not valid JSON' }] },
    });
  }
}

/** Resolves when the reply has been handed to the connection. Rejects when it cannot be sent: too large, or no JSON. */
export async function respond(message: Msg, reply: unknown): Promise<void> {
  await sendReply(message, JSON.stringify(reply ?? null));
}

/** An error in the form every NATS micro-service uses: a number and a word in the headers, the facts in the body. */
export function respondError(message: Msg, error: ServiceError): void {
  const marks = headers();
  marks.set(ERROR_CODE_HEADER, String(error.status));
  marks.set(ERROR_WORD_HEADER, error.code);
  message.respond(JSON.stringify(error.toBody()), { headers: marks });
}
