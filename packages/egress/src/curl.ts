import type { PlacedRequest } from './place-arguments.ts';

// Secret whatever the connection is made of.
const ALWAYS_SECRET = ['authorization', 'cookie', 'proxy-authorization', 'webhook-signature'];
const MIN_TELLING_CHARACTERS = 8;
const QUOTED_QUOTE = String.raw`'\''`;
const SCHEME = /^(?:basic|bearer|token|apikey)\s+/i;

/**
 * A command line that repeats a request, for a POSIX shell. Values of the named headers (and of `authorization`, `cookie` and
 * `webhook-signature` in any case) are left out, wherever they occur: the first is `$SECRET`, the next `$SECRET_2`.
 */
export function curlOf({ method, url, headers, body }: PlacedRequest, secretHeaderNames: string[]): string {
  const secrets = secretsOf(headers, secretHeaderNames);
  // A short one is part of many words by chance.
  const longSecrets = secrets.filter(([secret]) => secret.length >= MIN_TELLING_CHARACTERS);
  const word = (text: string): string => shellWord(text, longSecrets) || "''";
  const lines = [`curl --globoff --request ${method} ${word(url)}`];
  for (const [name, value] of Object.entries(headers)) {
    // curl's way to send a header without a value.
    lines.push(`--header ${value === '' ? quote(`${name};`) : shellWord(value, secrets, `${name}: `)}`);
  }
  if (body !== undefined) {
    // Without one, curl would add the type of a form.
    if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type'))
      lines.push("--header 'content-type:'");
    lines.push(`--data-raw ${word(body)}`);
  }
  return lines.join(' \\\n  ');
}

/** Secret → the variable that stands for it, the longest first: one may be part of another. */
function secretsOf(headers: Record<string, string>, names: string[]): [string, string][] {
  const secretNames = new Set([...ALWAYS_SECRET, ...names.map((name) => name.toLowerCase())]);
  const values = Object.entries(headers)
    .filter(([name]) => secretNames.has(name.toLowerCase()))
    .map(([, value]) => value.replace(SCHEME, ''))
    .filter((value) => value !== '');
  return [...new Set(values)]
    .map((value, at): [string, string] => [value, at === 0 ? '$SECRET' : `$SECRET_${at + 1}`])
    .toSorted(([a], [b]) => b.length - a.length);
}

function shellWord(text: string, [first, ...others]: [string, string][], prefix = ''): string {
  if (first === undefined) return quote(prefix + text);
  const [secret, variable] = first;
  if (!text.includes(secret)) return shellWord(text, others, prefix);
  return text
    .split(secret)
    .map((part, at) => shellWord(part, others, at === 0 ? prefix : ''))
    .join(`"${variable}"`);
}

/** Inside single quotes a shell changes nothing; only the single quote itself has to stand outside. */
function quote(text: string): string {
  return text === '' ? '' : `'${text.replaceAll("'", QUOTED_QUOTE)}'`;
}
