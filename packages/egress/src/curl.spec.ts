import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { curlOf } from './curl.ts';

/** The words that a shell makes of a command, `curl` itself left out. */
function wordsOf(command: string, variables: Record<string, string> = {}): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync('sh', ['-c', script], { env: variables, encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('curlOf', () => {
  const post = {
    method: 'POST' as const,
    url: "https://api.example.com/v1/it's?a=1&b=$HOME",
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer tok_12345678',
      'x-key': 'key_12345678',
      'x-empty': '',
    },
    body: '{"note":"it\'s `id` $(id) \\n","key":"key_12345678"}',
  };

  it('repeats a request without its secrets', () => {
    expect(curlOf(post, ['X-Key'])).toBe(
      [
        String.raw`curl --globoff --request POST 'https://api.example.com/v1/it'\''s?a=1&b=$HOME'`,
        `--header 'content-type: application/json'`,
        `--header 'authorization: Bearer '"$SECRET"`,
        `--header 'x-key: '"$SECRET_2"`,
        `--header 'x-empty;'`,
        String.raw`--data-raw '{"note":"it'\''s ${'`id`'} $(id) \n","key":"'"$SECRET_2"'"}'`,
      ].join(' \\\n  '),
    );
  });

  it('is read by a shell as it was meant', () => {
    expect(wordsOf(curlOf(post, ['x-key']), { SECRET: 'tok_12345678', SECRET_2: 'key_12345678' })).toEqual([
      '--globoff',
      '--request',
      'POST',
      post.url,
      '--header',
      'content-type: application/json',
      '--header',
      'authorization: Bearer tok_12345678',
      '--header',
      'x-key: key_12345678',
      '--header',
      'x-empty;',
      '--data-raw',
      post.body,
    ]);
  });

  it('keeps curl from adding the type of a form', () => {
    expect(wordsOf(curlOf({ ...post, headers: {}, body: '' }, []))).toEqual([
      '--globoff',
      '--request',
      'POST',
      post.url,
      '--header',
      'content-type:',
      '--data-raw',
      '',
    ]);
  });

  it('hides the headers that are always secret, and a short secret in its own header only', () => {
    const command = curlOf(
      {
        method: 'GET',
        url: 'https://api.example.com/a1',
        headers: { Cookie: 'sid=1', 'webhook-signature': 'v1,abc', 'x-pin': '1' },
      },
      ['x-pin'],
    );

    expect(command).not.toMatch(/sid=1|v1,abc|x-pin: 1/);
    expect(command).toContain("'https://api.example.com/a1'");
  });

  it('shows no secret and is read back whole, whatever the texts are', () => {
    // What `env` and an argument cannot hold, no header and no body of ours holds either.
    const text = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((value) => !value.includes('\0') && value.isWellFormed());
    const secret = fc
      .stringMatching(/^[!-~]{8,16}$/)
      .filter((value) => !'authorization: content-type --request'.includes(value));
    const property = fc.property(text, text, secret, (before, after, token) => {
      const request = {
        method: 'PUT' as const,
        url: 'https://api.example.com/',
        headers: { 'content-type': 'a/b', 'x-key': token },
        body: before + token + after,
      };

      const command = curlOf(request, ['x-key']);

      expect(command).not.toContain(token);
      expect(wordsOf(command, { SECRET: token }).at(-1)).toBe(request.body);
    });

    fc.assert(property, { numRuns: 60 });
  });
});
