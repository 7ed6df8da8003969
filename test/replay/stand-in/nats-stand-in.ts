import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface StandInRequest {
  subject: string;
  replyTo: string;
  headers: Map<string, string>;
  body: unknown;
}

/** What a request is answered with: a value, a typed error, nobody there, or silence. */
export type StandInReply =
  { value: unknown } | { error: { code: string; message: string } } | 'no responders' | 'silence';

export interface NatsStandIn {
  url: string;
  close(): Promise<void>;
}

/** As much of the NATS protocol as one client with request/reply speaks; the script decides what is answered. */
export async function startNatsStandIn(
  answer: (request: StandInRequest) => Promise<StandInReply>,
): Promise<NatsStandIn> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    speak(socket, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function speak(socket: Socket, answer: (request: StandInRequest) => Promise<StandInReply>): void {
  const info = {
    server_id: 'stand-in',
    version: '2.12.7',
    proto: 1,
    headers: true,
    max_payload: 1_048_576,
    nonce: 'abcdefgh',
  };
  socket.write(`INFO ${JSON.stringify(info)}\r\n`);
  const subscriptions = new Map<string, string>();
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let used = take(pending); used > 0; used = take(pending)) pending = pending.subarray(used);
  });

  /** Handles the first command that is complete; answers how many bytes it had. */
  function take(buffer: Buffer): number {
    const lineEnd = buffer.indexOf('\r\n');
    if (lineEnd < 0) return 0;
    const [verb = '', ...words] = buffer.toString('utf8', 0, lineEnd).split(' ');
    const bodyStart = lineEnd + 2;
    if (verb === 'PING') socket.write('PONG\r\n');
    if (verb === 'SUB') subscriptions.set(words.at(-1) ?? '', words[0] ?? '');
    if (verb !== 'PUB' && verb !== 'HPUB') return bodyStart;
    const size = Number(words.at(-1));
    if (buffer.length < bodyStart + size + 2) return 0;
    const headerSize = verb === 'HPUB' ? Number(words.at(-2)) : 0;
    const headers = readHeaders(buffer.toString('utf8', bodyStart, bodyStart + headerSize));
    const text = buffer.toString('utf8', bodyStart + headerSize, bodyStart + size);
    void reply({ subject: words[0] ?? '', replyTo: words[1] ?? '', headers, body: JSON.parse(text) });
    return bodyStart + size + 2;
  }

  async function reply(request: StandInRequest): Promise<void> {
    const sid = [...subscriptions].find(([, subject]) => matches(subject, request.replyTo))?.[0];
    const answered = await answer(request);
    if (answered === 'silence' || sid === undefined) return;
    const marks = marksOf(answered);
    const body =
      typeof answered === 'string' ? '' : JSON.stringify('value' in answered ? answered.value : answered.error);
    const headSize = Buffer.byteLength(marks);
    socket.write(
      `HMSG ${request.replyTo} ${sid} ${headSize} ${headSize + Buffer.byteLength(body)}\r\n${marks}${body}\r\n`,
    );
  }
}

function marksOf(answered: Exclude<StandInReply, 'silence'>): string {
  if (answered === 'no responders') return 'NATS/1.0 503\r\n\r\n';
  if ('value' in answered) return 'NATS/1.0\r\n\r\n';
  return `NATS/1.0\r\nNats-Service-Error-Code: 500\r\nNats-Service-Error: ${answered.error.code}\r\n\r\n`;
}

function readHeaders(text: string): Map<string, string> {
  const lines = text
    .split('\r\n')
    .slice(1)
    .filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
}

function matches(subscription: string, subject: string): boolean {
  return subscription === subject || subject.startsWith(subscription.replace(/[*>]$/, ''));
}
