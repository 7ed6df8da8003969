import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpRequestTemplate } from '@patchbay/contracts/action';
import fc from 'fast-check';
import type { IncomingMessage } from 'node:http';
import { type LocalServer, startHttp } from '../fixtures/local-server.ts';
import { loopbackSender, requireAnswer } from '../fixtures/senders.ts';
import type { HttpSender } from './http-sender.ts';
import { type PlacedRequest, placeArguments } from './place-arguments.ts';
import { PlacementError } from './placement-error.ts';

const ESCAPES = ['%2f', '%2e', '%5c', '%00', '%0d%0a', '%250d%250a', '%25', '%', '%c0%ae', '%u002e', '%zz'];
const UNSEEN = ['\r\n', '\n', '\r', '\t', '\0', '\u0085', '\u2028', '\u202e', '\u200b', '\ud800', '\udc00'];
const SEPARATORS = ['..', '.', '/', '\\', ' ', '@', '#', '?', ':', ';', '&', '=', '+', ',', '"', "'", '<', '`'];
const TARGETS = [
  '//evil.example',
  'https://',
  'http://169.254.169.254/',
  'javascript:',
  '\r\nHost: evil.example',
  '\r\n\r\nGET /x',
];
const TEMPLATES = [
  '{orderId}',
  '{{ 7 | times: 7 }}',
  '{% raw %}',
  '${7*7}',
  '<%= 7 %>',
  '#{7}',
  '__proto__',
  'tenant',
  '[0]',
];
const LOOKALIKES = ['\uff0f', '\uff0e', '\u2024', '\u2215', 'é', 'ı', 'x', '1', '漢', '👍'];
const NASTY = [...ESCAPES, ...UNSEEN, ...SEPARATORS, ...TARGETS, ...TEMPLATES, ...LOOKALIKES];
const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...NASTY), { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const hostileValue = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
);

const PATH = '/v1/orders/{orderId}/lines/{line}/end?tenant=1';
const PLACES = {
  q: { in: 'query', name: 'search' },
  tag: { in: 'header', name: 'x-tag' },
  note: { in: 'body', name: 'comment' },
} as const;
const CONTEXT = {
  tool: 't',
  organizationId: 'org_a',
  agentId: 'agt_a',
  sessionId: 'ses_a',
  callerNumber: '+49',
  timestamp: '2026-05-01T10:00:00.000Z',
};

function templatesFor(origin: string): HttpRequestTemplate[] {
  const { note: _note, ...withoutBody } = PLACES;
  const url = origin + PATH;
  return [
    { method: 'GET', url },
    { method: 'GET', url, places: withoutBody, headers: { 'x-fixed': 'yes' } },
    { method: 'DELETE', url, places: PLACES },
    { method: 'POST', url },
    { method: 'POST', url, places: PLACES, headers: { 'x-fixed': 'yes' } },
    { method: 'PUT', url, body: 'form', places: PLACES },
    { method: 'PATCH', url, body: 'envelope', places: PLACES },
  ];
}

interface Case {
  template: HttpRequestTemplate;
  placed: PlacedRequest;
}

/** Places hostile arguments `count` times; what is refused is refused with a PlacementError. */
function placeHostile(origin: string, count: number, seen: (placedCase: Case) => void): number {
  let placedCount = 0;
  const property = fc.property(
    fc.constantFrom(...templatesFor(origin)),
    // Often enough harmless, so that the places are reached as well.
    fc.oneof(hostileValue, fc.constant('A1')),
    fc.oneof(hostileValue, fc.constant(7)),
    fc.record(
      { q: hostileValue, tag: fc.oneof(hostileValue, fc.constant('v1')), note: hostileValue },
      { requiredKeys: [] },
    ),
    fc.dictionary(hostileText, hostileValue, { maxKeys: 3 }),
    (template, orderId, line, placed, others) => {
      try {
        seen({ template, placed: placeArguments(template, { ...others, ...placed, orderId, line }, CONTEXT) });
        placedCount++;
      } catch (error) {
        if (!(error instanceof PlacementError)) throw error;
      }
    },
  );
  fc.assert(property, { numRuns: count });
  return placedCount;
}

function expectedHeaders(
  { template: { method, body, headers = {} } }: Case,
  placed: PlacedRequest,
): Record<string, string> {
  const hasBody = method !== 'GET' && (method !== 'DELETE' || placed.body !== undefined);
  const type = body === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
  return { ...(hasBody ? { 'content-type': type } : {}), ...headers };
}

describe('placeArguments with hostile arguments', () => {
  it('never changes origin, path, fixed query or headers in 5,000 requests', () => {
    const origin = 'https://api.example.com:8443';
    const placedCount = placeHostile(origin, 5_000, (found) => {
      const { placed } = found;
      const url = new URL(placed.url);
      expect(url.origin).toBe(origin);
      expect(url.username + url.password + url.hash).toBe('');
      expect(url.pathname).toMatch(/^\/v1\/orders\/[^/\\]+\/lines\/[^/\\]+\/end$/);
      expect(url.pathname).not.toMatch(/%(2f|5c|0[0-9a-f]|1[0-9a-f]|7f)/i);
      expect(url.searchParams.getAll('tenant')).toEqual(['1']);
      expect(placed.url).toMatch(/^[\x21-\x7e]+$/);
      const { 'x-tag': tag = 'none', ...headers } = placed.headers;
      expect(headers).toEqual(expectedHeaders(found, placed));
      expect(tag).toMatch(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/);
    });

    expect(placedCount).toBeGreaterThan(1_000);
  });

  it('keeps a body what it is, so that no argument becomes another field', () => {
    const placedCount = placeHostile('https://api.example.com', 1_000, ({ template, placed }) => {
      if (placed.body === undefined) return;
      if (template.body === 'form') {
        expect(new URLSearchParams(placed.body).toString()).toBe(placed.body);
      } else {
        const body = JSON.parse(placed.body) as Record<string, unknown>;
        if (template.body === 'envelope') expect(body).toEqual({ ...CONTEXT, arguments: expect.anything() });
        expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
      }
    });

    expect(placedCount).toBeGreaterThan(200);
  });

  it('refuses every header value that is not visible ASCII', () => {
    const template: HttpRequestTemplate = {
      method: 'GET',
      url: 'https://api.example.com/',
      places: { tag: { in: 'header', name: 'x-tag' } },
    };
    const odd = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((text) => /[^\x20-\x7e]/.test(text));

    fc.assert(
      fc.property(odd, (tag) => expect(() => placeArguments(template, { tag })).toThrow(PlacementError)),
      { numRuns: 1_000 },
    );
  });
});

describe('a server that is sent hostile arguments', () => {
  let server: LocalServer;
  let sender: HttpSender;
  let received: IncomingMessage[];

  beforeAll(async () => {
    received = [];
    sender = loopbackSender();
    server = await startHttp((request, response) => {
      received.push(request);
      request.resume().on('end', () => response.end());
    });
  });

  afterAll(async () => {
    await sender.close();
    await server.close();
  });

  it('reads one request each, with the target and the headers that were meant', async () => {
    const cases: Case[] = [];
    placeHostile(`http://127.0.0.1:${server.port}`, 1_000, (found) => cases.push(found));
    const sample = cases.slice(0, 300);

    for (const { placed } of sample) {
      requireAnswer(await sender.send({ ...placed, key: 'org_a:conn_a', deadlineMs: 20_000 }));
    }

    expect(sample.length).toBeGreaterThan(100);
    expect(received).toHaveLength(sample.length);
    for (const [at, { placed }] of sample.entries()) {
      const { method, url, headers } = received[at] as IncomingMessage;
      const {
        host,
        connection,
        'accept-encoding': encoding,
        'content-length': length,
        'transfer-encoding': transfer,
        ...others
      } = headers;
      expect({ method, url: `http://${host}${url}` }).toEqual({ method: placed.method, url: placed.url });
      expect({ host, connection, encoding, transfer }).toEqual({
        host: `127.0.0.1:${server.port}`,
        connection: 'keep-alive',
        encoding: 'gzip',
        transfer: undefined,
      });
      expect(length ?? '0').toBe(String(Buffer.byteLength(placed.body ?? '')));
      expect(others).toEqual(placed.headers);
    }
  });
});
