import { randomBytes } from 'node:crypto';

/** A secret that nobody has written anywhere before: wherever it is found, it has leaked. */
export interface Canary {
  /** Of the connection, e.g. `bearer`. */
  kind: string;
  /** What it is there, e.g. `secret`, `refresh token`. */
  part: string;
  value: string;
}

/** Standard Webhooks wants 24 to 64 bytes. */
const SIGNING_KEY_CHARACTERS = 33;
const SIGNING_PREFIX = 'whsec_';

/** Every secret of one run. Some are known from the beginning, others when they are issued. */
export class Canaries {
  readonly all: Canary[] = [];

  /** With a slash, a quote, a plus and a backslash, which each spelling changes in its own way, between letters that none of them changes. */
  make(kind: string, part: string): string {
    return this.add(kind, part, [randomText(14), '/', randomText(12), '"', randomText(12), '+', randomText(12), '\\', randomText(14)].join(''));
  }

  /** Of letters and digits only, as tokens are. */
  makeToken(kind: string, part: string): string {
    return this.add(kind, part, randomText(40));
  }

  /** `whsec_...`; what is looked for is the key in it, whose base64 the secret is. */
  makeSigningSecret(kind: string, part: string): string {
    const key = this.add(kind, part, randomText(SIGNING_KEY_CHARACTERS));
    return SIGNING_PREFIX + Buffer.from(key).toString('base64');
  }

  /** One that was made elsewhere. */
  add(kind: string, part: string, value: string): string {
    if (!this.all.some((known) => known.value === value)) this.all.push({ kind, part, value });
    return value;
  }
}

function randomText(length: number): string {
  return randomBytes(2 * length).toString('base64').replaceAll(/[+/=]/g, '').slice(0, length);
}
