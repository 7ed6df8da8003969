import type { Msg } from '@nats-io/transport-node';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { sendReply } from './replies.ts';

/** A request, as far as it can be answered. */
function asked(respond: (body: unknown) => void): Msg {
  return { respond: (body: unknown) => (respond(body), true) } as Msg;
}

describe('replies', () => {
  it('of one turn of the event loop are sent together at its end, in their order', async () => {
    const sent: unknown[] = [];
    const message = asked((body) => sent.push(body));

    const replies = ['first', 'second'].map((body) => sendReply(message, body));
    await Promise.resolve().then(() => replies.push(sendReply(message, 'third')));
    const sentAtOnce = [...sent];
    await Promise.all(replies);

    expect(sentAtOnce).toEqual([]);
    expect(sent).toEqual(['first', 'second', 'third']);
  });

  it('are sent though the connection does not take one of them, and that one is told', async () => {
    const sent: unknown[] = [];
    const message = asked((body) => {
      if (body === 'too large') throw new Error('max payload exceeded');
      sent.push(body);
    });

    const ended = await Promise.allSettled(['first', 'too large', 'last'].map((body) => sendReply(message, body)));

    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sent).toEqual(['first', 'last']);
  });

  it('made while others are being sent go with the next turn', async () => {
    const sent: unknown[] = [];
    let next: Promise<void> | undefined;
    const message = asked((body) => {
      sent.push(body);
      next ??= sendReply(message, 'next');
    });

    await sendReply(message, 'first');
    const sentSoFar = [...sent];
    await nextTurn();
    await next;

    expect(sentSoFar).toEqual(['first']);
    expect(sent).toEqual(['first', 'next']);
  });
});
