/** Headers that decide where a message goes or where it ends. The sender alone sets them. */
const TRANSPORT_HEADERS = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers that say who sent a message, or which message it is: Patchbay or a connection sets them, never a template. */
const IDENTITY_HEADERS = new Set([
  'authorization',
  'baggage',
  'cookie',
  'forwarded',
  'idempotency-key',
  'proxy-authenticate',
  'proxy-authorization',
  'set-cookie',
  'traceparent',
  'tracestate',
  'via',
  'x-real-ip',
  // An own property of this name cannot be assigned to.
  '__proto__',
]);

/** By these a server may read another method, path, body or sender than the ones that were sent. */
const ROUTING_HEADERS = new Set([
  'content-encoding',
  'content-type',
  'origin',
  'range',
  'referer',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
]);

const IDENTITY_PREFIXES = ['cf-', 'proxy-', 'sec-', 'webhook-', 'x-forwarded-'];
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const FIELD_VALUE = /^[\x20-\x7e\t]*$/;
// No white space at the ends: servers cut it off, so that another value would arrive than was checked.
const ARGUMENT_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** What a server accepts for one header in general; 8 KiB is the common limit for all of them together. */
const MAX_VALUE_CHARACTERS = 2_000;

/** Whether only the sender may set this header. `name` in lower case. */
export function isTransportHeader(name: string): boolean {
  return TRANSPORT_HEADERS.has(name);
}

/** Why a fixed header of a template cannot be sent; `null` when it can. `name` in lower case. */
export function fixedHeaderProblem(name: string, value: string): string | null {
  if (!NAME.test(name)) return 'is not the name of a header';
  if (TRANSPORT_HEADERS.has(name)) return 'is set by the sender';
  if (isIdentityHeader(name)) return 'comes from the connection or from Patchbay and cannot be fixed';
  if (!FIELD_VALUE.test(value)) return 'has characters that cannot stand in a header';
  return value.length > MAX_VALUE_CHARACTERS ? `is longer than ${MAX_VALUE_CHARACTERS} characters` : null;
}

/** Why an argument cannot be sent in this header; `null` when it can. `name` in lower case. */
export function argumentHeaderProblem(name: string): string | null {
  if (!NAME.test(name)) return 'is placed in a header whose name is not one';
  if (TRANSPORT_HEADERS.has(name) || isIdentityHeader(name) || ROUTING_HEADERS.has(name))
    return `cannot be placed in the header ${name}`;
  return null;
}

/** Why this text cannot be the value of a header that an argument fills; `null` when it can. */
export function argumentValueProblem(text: string): string | null {
  if (text.length > MAX_VALUE_CHARACTERS) return `is longer than ${MAX_VALUE_CHARACTERS} characters`;
  if (text === '') return 'is empty, and a header needs a value';
  return ARGUMENT_VALUE.test(text) ? null : 'has characters that cannot stand in a header';
}

/** Why a connection cannot set this header; `null` when it can. `name` in lower case. The text never holds the value. */
export function credentialHeaderProblem(name: string, value: string): string | null {
  if (!NAME.test(name)) return 'is not the name of a header';
  if (TRANSPORT_HEADERS.has(name)) return 'is set by the sender';
  if (name === 'idempotency-key' || name.startsWith('webhook-') || name === '__proto__') return 'is set by Patchbay';
  return FIELD_VALUE.test(value) ? null : 'has characters that cannot stand in a header';
}

function isIdentityHeader(name: string): boolean {
  return IDENTITY_HEADERS.has(name) || IDENTITY_PREFIXES.some((prefix) => name.startsWith(prefix));
}
