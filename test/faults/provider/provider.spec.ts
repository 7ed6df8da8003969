import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Provider } from './provider.ts';
import type { Step } from './step.ts';

let provider: Provider;

beforeAll(async () => {
  provider = await Provider.start();
});

afterAll(async () => {
  await provider.close();
});

beforeEach(async () => {
  await provider.forget();
});

function write(tag: string, key = 'key-1'): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return fetch(`${provider.urls.scripted}/things`, { method: 'POST', headers, body: JSON.stringify({ tag }) });
}

async function effectsOf(tag: string): Promise<number> {
  const response = await fetch(`${provider.urls.scripted}/effects/${tag}`);
  const { count } = (await response.json()) as { count: number };
  expect(response.status).toBe(count > 0 ? 200 : 404);
  return count;
}

const refusal: Step = { answer: { kind: 'json', status: 503, body: { error: 'busy' } } };

describe('the provider with a script', () => {
  it('does what it is asked unless told otherwise, and remembers everything', async () => {
    await write('a');
    expect(await effectsOf('a')).toBe(1);
    const log = await provider.log();
    expect(log).toMatchObject([
      { kind: 'effect', tag: 'a', idempotencyKey: 'key-1', arguments: '{"tag":"a"}', tookEffect: true, abandoned: false },
      { kind: 'verify', tag: 'a', tookEffect: false },
    ]);
  });

  it('follows the steps of a tag, the last one from then on', async () => {
    await provider.script({ a: [refusal, { answer: { kind: 'json', status: 201 } }] });
    const statuses = [];
    for (let number = 0; number < 3; number++) statuses.push((await write('a')).status);
    expect(statuses).toEqual([503, 201, 201]);
    expect(await effectsOf('a')).toBe(2);
  });

  it('has no second effect for a key that it honours', async () => {
    const step: Step = { honoursKey: true, answer: { kind: 'json' } };
    await provider.script({ a: [step], b: [step] });
    for (const key of ['one', 'one', 'two']) await write('a', key);
    expect(await effectsOf('a')).toBe(2);
  });

  it('answers no two requests alike', async () => {
    const bodies = await Promise.all([write('a'), write('a')].map(async (answer) => (await answer).text()));
    expect(new Set(bodies).size).toBe(2);
  });

  it.each<[string, Step, number]>([
    ['that is reset before an answer', { answer: { kind: 'reset', where: 'before' } }, 0],
    ['that is done, and reset inside the answer', { takesEffect: true, answer: { kind: 'reset', where: 'inside' } }, 1],
    ['that is answered with what is no HTTP', { takesEffect: true, answer: { kind: 'raw', bytes: 'SSH-2.0\r\n' } }, 1],
  ])('has one %s', async (_what, step, effects) => {
    await provider.script({ a: [step] });
    await expect(write('a').then((answer) => answer.text())).rejects.toThrow(/fetch failed|terminated/);
    expect(await effectsOf('a')).toBe(effects);
  });

  it('gives a whole answer before it resets behind it', async () => {
    await provider.script({ a: [{ takesEffect: true, answer: { kind: 'reset', where: 'after' } }] });
    expect(await (await write('a')).json()).toMatchObject({ tag: 'a' });
  });

  it('sees when nobody waits for its answer any more', async () => {
    await provider.script({ a: [{ answer: { kind: 'silence' } }] });
    const abort = new AbortController();
    const asked = fetch(`${provider.urls.scripted}/things/a`, { signal: abort.signal });
    while ((await provider.log()).length === 0);
    abort.abort();
    await expect(asked).rejects.toThrow('aborted');
    while ((await provider.log())[0]?.endedAtMs === null);
    expect(await provider.log()).toMatchObject([{ kind: 'read', tag: 'a', abandoned: true }]);
  });

  it('packs a bomb that is small on the way', async () => {
    const decodedBytes = 8 * 1024 ** 2;
    await provider.script({ a: [{ answer: { kind: 'bomb', encoding: 'gzip', decodedBytes } }] });
    const answer = await write('a');
    expect(Number(answer.headers.get('content-length') ?? Infinity)).toBeLessThan(decodedBytes / 100);
    expect((await answer.arrayBuffer()).byteLength).toBe(decodedBytes);
  });

  it('resets every connection at its refusing address', async () => {
    await expect(fetch(`${provider.urls.refusing}/things/a`)).rejects.toThrow('fetch failed');
    expect(await provider.log()).toEqual([]);
  });
});
