import type { Msg } from '@nats-io/transport-node';

interface Waiting {
  message: Msg;
  body: string;
  sent: () => void;
  failed: (error: unknown) => void;
}

let waiting: Waiting[] = [];

/**
 * Sends a reply together with all others of this turn of the event loop: one write to the socket for all of them. One write
 * each is most of what a reply costs here, and the server then wakes up for each.
 *
 * @returns when it has been handed to the connection; rejects when that does not take it, and the others go out all the same
 */
export function sendReply(message: Msg, body: string): Promise<void> {
  return new Promise((sent, failed) => {
    // After all sockets that had something in this turn, before any timer of the next.
    if (waiting.length === 0) setImmediate(sendWaiting);
    waiting.push({ message, body, sent, failed });
  });
}

function sendWaiting(): void {
  const replies = waiting;
  waiting = [];
  for (const { message, body, sent, failed } of replies) {
    try {
      message.respond(body);
      sent();
    } catch (error) {
      failed(error);
    }
  }
}
