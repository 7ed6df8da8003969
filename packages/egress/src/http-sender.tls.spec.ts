import { afterEach, describe, expect, it } from '@jest/globals';
import { selfSigned } from '../fixtures/certificate.ts';
import { type LocalServer, startTcp, startTls } from '../fixtures/local-server.ts';
import { get, requireAnswer, requireFailure } from '../fixtures/senders.ts';
import { type HttpSender, type HttpSenderOptions, createHttpSender } from './http-sender.ts';

describe('http sender over TLS', () => {
  let closables: { close(): Promise<void> }[] = [];

  afterEach(async () => {
    for (const closable of closables) await closable.close();
    closables = [];
  });

  /** Every name leads to this machine. */
  const startSender = (options: Partial<HttpSenderOptions> = {}): HttpSender => {
    const sender = createHttpSender({
      allowNetworks: ['127.0.0.0/8'],
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      ...options,
    });
    closables.unshift(sender);
    return sender;
  };

  const opened = async (server: Promise<LocalServer>): Promise<LocalServer> => {
    closables.push(await server);
    return server;
  };

  it('asks for the name of the url, checks the certificate against it, and measures the handshake', async () => {
    const certificate = selfSigned('shop.example');
    const server = await opened(startTls(certificate));
    const sender = startSender({ ca: [certificate.cert] });

    const answer = requireAnswer(await sender.send(get(`https://shop.example:${server.port}/`)));

    expect(answer.body.toString()).toBe('shop.example new');
    const { dnsMs, connectMs, tlsMs } = answer.timings;
    expect([dnsMs, connectMs, tlsMs]).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
    expect(Number(tlsMs)).toBeGreaterThan(Number(connectMs));
  });

  it.each([
    ['signed by nobody known', selfSigned('shop.example'), []],
    ['made for another name', selfSigned('other.example'), ['ca']],
    ['out of date', selfSigned('shop.example', new Date('2021-01-01')), ['ca']],
  ])('refuses a certificate that is %s and sends nothing', async (_name, certificate, trust) => {
    const server = await opened(startTls(certificate));
    const sender = startSender(trust.length > 0 ? { ca: [certificate.cert] } : {});

    const failure = requireFailure(await sender.send(get(`https://shop.example:${server.port}/`)));

    expect(failure).toMatchObject({
      code: 'tls_failed',
      sent: false,
      message: expect.stringContaining('the TLS handshake with shop.example failed'),
    });
  });

  it('does not take a name in a certificate for an address', async () => {
    const certificate = selfSigned('127.0.0.1');
    const server = await opened(startTls(certificate));
    const sender = startSender({ ca: [certificate.cert] });

    expect(requireFailure(await sender.send(get(`https://127.0.0.1:${server.port}/`)))).toMatchObject({
      code: 'tls_failed',
      sent: false,
    });
  });

  it('reports a server that speaks no TLS', async () => {
    const server = await opened(
      startTcp((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    );

    expect(requireFailure(await startSender().send(get(`https://shop.example:${server.port}/`)))).toMatchObject({
      code: 'tls_failed',
      sent: false,
    });
  });

  it('gives up on a handshake that takes longer than connecting may', async () => {
    const server = await opened(startTcp((socket) => socket.resume()));
    const sender = startSender({ connectTimeoutMs: 30 });

    const failure = requireFailure(await sender.send(get(`https://shop.example:${server.port}/`)));

    expect(failure).toMatchObject({
      code: 'connect_failed',
      sent: false,
      message: 'no connection to shop.example within 30 ms',
    });
  });

  it('resumes the session on the next connection', async () => {
    const certificate = selfSigned('shop.example');
    const server = await opened(startTls(certificate));
    const sender = startSender({ ca: [certificate.cert] });

    const first = requireAnswer(await sender.send(get(`https://shop.example:${server.port}/`)));
    const second = requireAnswer(await sender.send(get(`https://shop.example:${server.port}/`)));

    expect([first, second].map(({ body }) => body.toString())).toEqual(['shop.example new', 'shop.example resumed']);
    expect(second.timings.reusedConnection).toBe(false);
  });
});
