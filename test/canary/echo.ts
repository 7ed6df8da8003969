/** What a provider answers that repeats all it was sent. */
export interface Echo {
  type: string;
  body: string;
  headers?: Record<string, string>;
}

export interface Asked {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** The ways in which providers repeat what they were sent, by name. */
export const ECHOES: Readonly<Record<string, (asked: Asked) => Echo>> = {
  json: (asked) => ({ type: 'application/json', body: JSON.stringify({ received: asked }) }),
  'json-inside-json': (asked) => ({ type: 'application/json', body: JSON.stringify({ received: JSON.stringify(asked) }) }),
  /** As PHP writes it. */
  'json-escaped-slashes': (asked) => ({ type: 'application/json', body: JSON.stringify({ received: asked }).replaceAll('/', String.raw`\/`) }),
  'json-escaped-characters': (asked) => ({ type: 'application/json', body: `{"received":"${escaped(JSON.stringify(asked))}"}` }),
  html: (asked) => ({ type: 'text/html', body: `<html><body><pre>${html(textOf(asked))}</pre></body></html>` }),
  text: (asked) => ({ type: 'text/plain', body: textOf(asked) }),
  base64: (asked) => ({ type: 'application/json', body: JSON.stringify({ received: Buffer.from(textOf(asked)).toString('base64') }) }),
  'url-encoded': (asked) => ({ type: 'application/json', body: JSON.stringify({ next: `https://provider.example/?was=${encodeURIComponent(textOf(asked))}` }) }),
  hex: (asked) => ({ type: 'application/json', body: JSON.stringify({ received: Buffer.from(textOf(asked)).toString('hex') }) }),
  header: (asked) => ({ type: 'application/json', body: '{"ok":true}', headers: { 'x-received': textOf(asked).replaceAll('\n', ' '), 'x-request-id': credentialOf(asked) } }),
  redirect: (asked) => ({ type: 'text/plain', body: 'elsewhere', headers: { location: `/elsewhere?was=${encodeURIComponent(textOf(asked))}` } }),
};

function textOf({ headers, body }: Asked): string {
  return [...Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`), body].join('\n');
}

/** Where an id of the request would be read from. */
function credentialOf({ headers }: Asked): string {
  return String(headers['authorization'] ?? Object.entries(headers).find(([name]) => name.startsWith('x-'))?.[1] ?? 'none');
}

function escaped(text: string): string {
  return [...text].map((character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
