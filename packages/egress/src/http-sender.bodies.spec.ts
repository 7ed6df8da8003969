import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { type LocalServer, startHttp } from '../fixtures/local-server.ts';
import { get, loopbackSender, requireAnswer, requireFailure } from '../fixtures/senders.ts';
import type { HttpSender } from './http-sender.ts';

describe('http sender and the size of answers', () => {
  let sender: HttpSender;
  let server: LocalServer;
  let respond: RequestListener;

  beforeEach(async () => {
    sender = loopbackSender();
    server = await startHttp((request, response) => respond(request, response));
  });

  afterEach(async () => {
    await sender.close();
    await server.close();
  });

  const url = (): string => `http://127.0.0.1:${server.port}/`;

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['Deflate', deflateRawSync],
  ] as const)('decompresses %s', async (encoding, compress) => {
    const text = 'Your order arrives tomorrow. '.repeat(50);
    respond = (_request, response) => response.setHeader('content-encoding', encoding).end(compress(text));

    const answer = requireAnswer(await sender.send(get(url())));

    expect(answer.body.toString()).toBe(text);
    expect(answer).toMatchObject({ wireBytes: compress(text).length, decodedBytes: text.length });
  });

  it('answers with an empty body when a compressed answer has none', async () => {
    respond = (_request, response) => response.writeHead(204, { 'content-encoding': 'gzip' }).end();

    expect(requireAnswer(await sender.send(get(url()))).body).toHaveLength(0);
  });

  it.each(['gzip, gzip', 'br', 'zstd', 'constructor'])('does not read an answer encoded as "%s"', async (encoding) => {
    respond = (_request, response) => response.setHeader('content-encoding', encoding).end('x');

    expect(requireFailure(await sender.send(get(url())))).toMatchObject({ code: 'provider_unreadable', sent: true });
  });

  it('does not read broken gzip', async () => {
    respond = (_request, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync('hello').subarray(0, 12));

    expect(requireFailure(await sender.send(get(url())))).toMatchObject({
      code: 'provider_unreadable',
      message: expect.stringContaining('gzip'),
    });
  });

  it('stops a gzip bomb of 200 MiB at the limit of decoded bytes', async () => {
    const mebibyte = gzipSync(Buffer.alloc(1_048_576));
    const bomb = Buffer.concat(Array.from({ length: 200 }, () => mebibyte));
    respond = (_request, response) => response.setHeader('content-encoding', 'gzip').end(bomb);

    const failure = requireFailure(await sender.send(get(url())));

    expect(bomb.length).toBeLessThan(1_048_576);
    expect(failure).toMatchObject({
      code: 'provider_unreadable',
      sent: true,
      message: 'the answer is larger than 4194304 bytes',
    });
  });

  it('stops an answer that announces more bytes than the limit', async () => {
    respond = (_request, response) => response.writeHead(200, { 'content-length': 1_048_577 }).flushHeaders();

    expect(requireFailure(await sender.send(get(url())))).toMatchObject({
      code: 'provider_unreadable',
      message: 'the answer is larger than 1048576 bytes',
    });
  });

  it('stops an endless answer at the limit of wire bytes and closes the connection', async () => {
    const closed = Promise.withResolvers<void>();
    respond = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384)));
      };
      response.on('drain', more).on('close', closed.resolve);
      more();
    };

    const failure = requireFailure(await sender.send(get(url(), { maxWireBytes: 100_000 })));

    expect(failure).toMatchObject({
      code: 'provider_unreadable',
      sent: true,
      message: 'the answer is larger than 100000 bytes',
    });
    await closed.promise;
  });

  it('reads an answer that is exactly as large as the limits', async () => {
    respond = (_request, response) => response.end(Buffer.alloc(1_000));

    expect(
      requireAnswer(await sender.send(get(url(), { maxWireBytes: 1_000, maxDecodedBytes: 1_000 }))).decodedBytes,
    ).toBe(1_000);
  });
});
