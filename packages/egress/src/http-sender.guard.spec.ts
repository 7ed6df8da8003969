import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LookupAddress } from 'node:dns';
import { FORBIDDEN_HOSTS } from '../fixtures/forbidden-hosts.ts';
import { type LocalServer, startTcp } from '../fixtures/local-server.ts';
import { get, loopbackSender, requireAnswer, requireFailure } from '../fixtures/senders.ts';
import { createAddressGuard } from './address-guard.ts';
import { CheckedLookup } from './checked-lookup.ts';
import { type HttpSender, type HttpSenderOptions, createHttpSender } from './http-sender.ts';
import { SocketOpener, newConnectionLog } from './socket-opener.ts';

const trapAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ntrap';

describe('http sender and forbidden addresses', () => {
  let trap: LocalServer;
  let trapBytes = 0;
  let senders: HttpSender[] = [];

  beforeAll(async () => {
    trap = await startTcp((socket) => {
      socket.on('data', (bytes) => {
        trapBytes += bytes.length;
        socket.write(trapAnswer);
      });
      // On every address of this machine, IPv6 where there is one.
    }, '');
  });

  afterEach(async () => {
    await Promise.all(senders.map((sender) => sender.close()));
    senders = [];
  });

  afterAll(() => trap.close());

  const startSender = (options: HttpSenderOptions): HttpSender => {
    const sender = createHttpSender(options);
    senders.push(sender);
    return sender;
  };

  /** Answers each question with the next list. */
  const scriptedNames = (
    ...answers: string[][]
  ): { resolve: () => Promise<LookupAddress[]>; questions: () => number } => {
    let asked = 0;
    const resolve = async (): Promise<LookupAddress[]> => {
      const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked++;
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    };
    return { resolve, questions: () => asked };
  };

  it('has a trap that answers a sender which may reach it', async () => {
    const sender = loopbackSender();
    senders.push(sender);

    const answer = requireAnswer(await sender.send(get(`http://127.0.0.1:${trap.port}/`)));

    expect(answer.body.toString()).toBe('trap');
    expect(trapBytes).toBeGreaterThan(0);
  });

  it.each(FORBIDDEN_HOSTS)('opens no connection to %s', async (host) => {
    const sender = startSender({ allowNetworks: [], allowHttp: true });
    const before = { bytes: trapBytes, connections: trap.connections.length };

    const results = await Promise.all(
      ['http', 'https'].map((scheme) => sender.send(get(`${scheme}://${host}:${trap.port}/latest/meta-data`))),
    );

    for (const result of results) {
      const failure = requireFailure(result);
      expect(failure).toMatchObject({ code: 'egress_blocked', sent: false });
      expect([failure.peerAddress, failure.timings.connectMs]).toEqual([undefined, undefined]);
    }
    expect({ bytes: trapBytes, connections: trap.connections.length }).toEqual(before);
  });

  it.each([
    ['private', ['127.0.0.1']],
    ['public and private', ['93.184.216.34', '127.0.0.1']],
    ['private behind IPv6', ['2606:4700::1111', '::ffff:127.0.0.1']],
    ['a private one among many', [...Array.from({ length: 30 }, (_, at) => `93.184.216.${at}`), '10.0.0.1']],
    ['cloud metadata', ['169.254.169.254']],
    ['NAT64 of cloud metadata', ['64:ff9b::a9fe:a9fe']],
    ['no addresses at all', ['127.1', 'localhost']],
  ])('refuses a name whose addresses are %s', async (_name, addresses) => {
    const sender = startSender({ allowNetworks: [], allowHttp: true, resolve: scriptedNames(addresses).resolve });
    const before = trap.connections.length;

    const failure = requireFailure(await sender.send(get(`https://rebind.example:${trap.port}/`)));

    expect(failure).toMatchObject({ code: 'egress_blocked', sent: false });
    expect(failure.message).toBe('rebind.example leads to an address or a port that requests may not be sent to');
    expect(trap.connections).toHaveLength(before);
  });

  it('asks once per connection, connects to what was checked, and checks anew for the next', async () => {
    const inside = await startTcp(
      (socket) => socket.on('data', () => socket.end(trapAnswer.replace('trap', 'good'))),
      '127.0.0.2',
    );
    const names = scriptedNames(['127.0.0.2'], ['127.0.0.1']);
    const sender = startSender({
      allowNetworks: ['127.0.0.2/32'],
      allowHttp: true,
      dnsCacheMs: 0,
      resolve: names.resolve,
    });
    const before = trap.connections.length;

    const first = requireAnswer(await sender.send(get(`http://rebind.example:${inside.port}/`)));
    const questionsForFirst = names.questions();
    const second = requireFailure(await sender.send(get(`http://rebind.example:${trap.port}/`)));

    expect([first.body.toString(), first.peerAddress, questionsForFirst]).toEqual(['good', '127.0.0.2', 1]);
    expect(second).toMatchObject({ code: 'egress_blocked', sent: false });
    expect(trap.connections).toHaveLength(before);
    await inside.close();
  });

  it('uses an answer of the resolver again while it is fresh', async () => {
    const names = scriptedNames(['127.0.0.1']);
    const sender = startSender({ allowNetworks: ['127.0.0.0/8'], allowHttp: true, resolve: names.resolve });

    await Promise.all(['a', 'b', 'c'].map((key) => sender.send(get(`http://provider.example:${trap.port}/`, { key }))));

    expect(names.questions()).toBe(1);
  });

  it('sends over plain http to no public address', async () => {
    const sender = startSender({
      allowNetworks: [],
      allowHttp: true,
      resolve: scriptedNames(['93.184.216.34']).resolve,
    });

    expect(requireFailure(await sender.send(get('http://shop.example/')))).toMatchObject({
      code: 'egress_blocked',
      sent: false,
    });
  });

  it.each([1, 22, 25, 80, 444, 5432, 6379, 8080, 9200])(
    'opens no connection to port %i of a public address',
    async (port) => {
      const sender = startSender({ allowNetworks: [], resolve: scriptedNames(['93.184.216.34']).resolve });

      for (const host of ['shop.example', '93.184.216.34', '[2606:4700::1111]']) {
        const failure = requireFailure(await sender.send(get(`https://${host}:${port}/`)));
        expect(failure).toMatchObject({ code: 'egress_blocked', sent: false });
        expect(failure.timings.connectMs).toBeUndefined();
      }
    },
  );

  it.each([
    ['plain http', 'http://127.0.0.1/', 'requests over http are not allowed; use https'],
    ['another scheme', 'ftp://example.com/', 'requests over ftp are not allowed; use https'],
    ['a file', 'file:///etc/passwd', 'requests over file are not allowed; use https'],
    [
      'a password',
      'https://user:geheim@example.com/',
      'the url carries a user name or password; put the secret into the connection',
    ],
    [
      'a user name',
      'https://user@example.com/',
      'the url carries a user name or password; put the secret into the connection',
    ],
    [
      'a host that is not the one it looks like',
      'https://example.com@127.0.0.1/',
      'the url carries a user name or password; put the secret into the connection',
    ],
    [
      'a backslash before such a host',
      'https://10.0.0.1\\@127.0.0.1/',
      '10.0.0.1 leads to an address or a port that requests may not be sent to',
    ],
    ['a port that is none', 'https://example.com:65536/', 'the url is not valid'],
    ['a zone', 'https://[fe80::1%25eth0]/', 'the url is not valid'],
    ['no url', 'example.com/a', 'the url is not valid'],
    ['a bad address', 'https://[::1/', 'the url is not valid'],
  ])('refuses %s', async (_name, url, message) => {
    const sender = startSender({ allowNetworks: ['127.0.0.0/8'] });

    expect(requireFailure(await sender.send(get(url)))).toMatchObject({ code: 'egress_blocked', sent: false, message });
  });

  it.each([
    [
      'fails',
      () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
      'shop.example could not be resolved (ENOTFOUND)',
    ],
    ['hangs', () => new Promise<never>(() => undefined), 'shop.example was not resolved within 20 ms'],
    ['knows no address', () => Promise.resolve([]), 'shop.example has no address'],
  ])('reports a resolver that %s', async (_name, resolve, message) => {
    const sender = startSender({ allowNetworks: [], dnsTimeoutMs: 20, resolve });

    expect(requireFailure(await sender.send(get('https://shop.example/')))).toMatchObject({
      code: 'dns_failed',
      sent: false,
      message,
    });
  });

  it('tries the next address of a name when one does not answer', async () => {
    const only = await startTcp((socket) => socket.on('data', () => socket.end(trapAnswer)), '127.0.0.3');
    const sender = startSender({
      allowNetworks: ['127.0.0.0/8'],
      allowHttp: true,
      resolve: scriptedNames(['127.0.0.4', '127.0.0.3']).resolve,
    });

    const answer = requireAnswer(await sender.send(get(`http://provider.example:${only.port}/`)));

    expect(answer.peerAddress).toBe('127.0.0.3');
    await only.close();
  });

  it('checks the address once more when the socket is connected', async () => {
    const lenient = createAddressGuard({ allowNetworks: ['127.0.0.0/8'] });
    let checks = 0;
    const forgetful = {
      allows: (address: string, protocol: string) => checks++ === 0 && lenient.allows(address, protocol),
    };
    const lookup = new CheckedLookup({ guard: lenient, dnsTimeoutMs: 500, dnsCacheMs: 0 });
    const opener = new SocketOpener({ guard: forgetful, lookup, connectTimeoutMs: 2_000 });
    const before = trapBytes;

    const error = await new Promise<unknown>((resolve) =>
      opener.open(
        { hostname: '127.0.0.1', protocol: 'http:', port: String(trap.port) },
        newConnectionLog(),
        (...answer) => resolve(answer[0]),
      ),
    );

    expect(error).toMatchObject({ code: 'egress_blocked' });
    expect(trapBytes).toBe(before);
  });
});
