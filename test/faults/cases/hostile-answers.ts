import { mostEffects, mostLateMs, mostRequests, unexpected } from '../checker.ts';
import { atMost, none, type Figure } from '../figure.ts';
import type { Ask } from '../history.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const DEADLINE_MS = 2_000;
const LATE_MS = 100;
const DEEP = 10_000;
const MANY_HEADERS = 5_000;

const json = (body: string) => http(['content-type: application/json', `content-length: ${body.length}`], body);

/** What no provider should answer, each as the bytes on the wire. */
const ANSWERS: Record<string, string> = {
  not_a_number: json('{"total": NaN}'),
  half: json('{"total": 1'),
  same_key_twice: json('{"total": 1, "total": 2}'),
  prototype: json('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
  deep: json('['.repeat(DEEP) + ']'.repeat(DEEP)),
  invalid_utf8: json('{"name": "\xff\xfe\xc3\x28"}'),
  nul: json('{"name": "a\\u0000b", "\\ud800": 1}'),
  two_lengths: http(['content-type: application/json', 'content-length: 2', 'content-length: 40'], '{}HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
  length_and_chunks: http(['content-type: application/json', 'content-length: 5', 'transfer-encoding: chunked'], '0\r\n\r\n'),
  folded_header: http(['content-type: application/json', 'x-folded: a', ' b: c', 'content-length: 2'], '{}'),
  many_headers: http([...Array.from({ length: MANY_HEADERS }, (_, number) => `x-${number}: ${number}`), 'content-length: 2'], '{}'),
  shorter_than_said: http(['content-type: application/json', 'content-length: 400'], '{}'),
  no_http: 'SSH-2.0-OpenSSH_9.2\r\n',
  only_100_continue: 'HTTP/1.1 100 Continue\r\n\r\n',
  status_999: 'HTTP/1.1 999 Odd\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
  odd_encoding: http(['content-type: application/json', 'content-encoding: zstd, rot13', 'content-length: 2'], '{}'),
  not_gzip: http(['content-type: application/json', 'content-encoding: gzip', 'content-length: 2'], '{}'),
};

function http(headers: string[], body: string): string {
  return `HTTP/1.1 200 OK\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
}

/** Whatever comes back, the runner lives on, answers in time, and does not say that a write has failed. */
export const hostileAnswers: FaultCase = {
  name: 'hostile-answers',
  summary: `${Object.keys(ANSWERS).length} answers that are no JSON, or no HTTP`,
  async run(stage: Stage): Promise<Figure[]> {
    const { provider, platform } = stage;
    const url = provider.urls.scripted;
    const names = Object.keys(ANSWERS);
    const functions = names.flatMap((name) => [
      { name: `look_${name}`, effect: 'read', url },
      { name: `book_${name}`, effect: 'write.reversible', url },
    ]);
    await using scene = await Scene.open(stage, 'hostile-answers', functions);
    const sessionId = await scene.session();
    const pids = platform.runners.map(({ pid }) => pid);
    const invoke = (name: string, tag: string) => scene.edge.invoke(scene.call(sessionId, name, tag), { deadlineMs: DEADLINE_MS });
    const bad: Ask[] = [];
    const good: Ask[] = [];
    for (const [name, bytes] of Object.entries(ANSWERS)) {
      const tags = [`look_${name}`, `book_${name}`];
      await provider.script(Object.fromEntries(tags.map((tag) => [tag, [{ takesEffect: true, answer: { kind: 'raw', bytes } }]])));
      bad.push(...(await Promise.all(tags.map((tag) => invoke(tag, tag)))));
      good.push(await invoke(`look_${name}`, `afterwards_${name}`));
    }
    const requests = await provider.log();
    const of = (kind: string) => bad.filter(({ call }) => call.function.startsWith(kind));
    return [
      none('hostile-answers: reads with a wrong status', unexpected(of('look'), ['succeeded', 'failed'])),
      none('hostile-answers: writes with a wrong status', unexpected(of('book'), ['succeeded', 'unknown'])),
      atMost('hostile-answers: answer after its deadline', mostLateMs([...bad, ...good]), LATE_MS, 'ms'),
      none('hostile-answers: ordinary calls afterwards that did not succeed', unexpected(good, ['succeeded'])),
      atMost('hostile-answers: requests for one write', mostRequests(requests, 'effect'), 1),
      atMost('hostile-answers: effects of one intent', mostEffects(requests), 1),
      none(
        'hostile-answers: runners that ended',
        platform.runners.filter(({ pid }, index) => pid !== pids[index]).map(({ name }) => name),
      ),
    ];
  },
};
