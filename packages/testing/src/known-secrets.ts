import { randomBytes } from 'node:crypto';
import { rememberSecret } from './kept-run.ts';

/**
 * The secrets that tests put in, made up for them and written nowhere else: wherever one is found beside its provider, it has leaked. Each has a
 * slash, a quote, a plus and a backslash where its kind allows them, which every spelling changes in its own way; the first 16 characters are
 * letters and digits in every spelling.
 */
export const KNOWN_SECRETS = {
  bearer: String.raw`fakeKM4clnjzCaWX/YagQlIIMLtCv"4MgtZ50CnUoc+AJZjxBZbkbud\yOm1Zuo08AvA`,
  bearerNext: String.raw`fakeNeeB9oZaZ3pJ/JNPRIFyofMWk"oQtCw5QhuaYu+5GlbbA1DInOr\ZHUHfJP97st7`,
  bearerThird: String.raw`fakejnBNYkizqPkQ/GFf5TgG4dfIu"gHPpSCZcHGFg+gbJh9qG7OqN8\LUo6zfWSAoVB`,
  bearerPrevious: String.raw`fakeabVeUgyVO5a9/hqZEcWTBYz0B"dVKvtRY0DS2b+MvkI84j1U5uM\ellAEbmuGQhg`,
  bearerRefused: String.raw`fakesYyG8w1oe1us/JHjgtcJNJOWs"CMTj1NibtfaU+mFX1ZUlo1onm\nGFQLqnZeyyW`,
  basicPassword: String.raw`fakeBQDDACGQBMr2/mbf5aWKTrB35"Fa12PmUlAuN6+yw8XJpwlMj1L\ymwAuoOlh4rn`,
  apiKeyHeader: String.raw`fake5Gbr7meJA5rd/FfOw5rIbW327"PilGcOiU7S50+TAHrzDHFUqWk\ZcyujdSwgSBY`,
  customHeader: String.raw`fakewlsPAmyRLmEc/hQPvmCqr6vtt"AypWQb5BVrnS+K1N4xmSPwMYF\pRqrEagkbUUB`,
  mcpBearer: String.raw`fake9pewCGph9eXU/iSfphVLaZbAz"K2IYQSNFVxGp+4KfccrGAjvFS\ZZ947eb6nHZo`,
  clientSecret: String.raw`fakeOdEHoQhSE8me/akVgkxKLR4oo"ct11EwKuSmIq+cnNAnAjGL5v4\OGJe5VV7l51Q`,
  clientSecretRefused: String.raw`fakeKmmFiNOam1a0/tSbynwMFwhfn"RIbIzipHWQNA+2eIzMYTBQgMf\UDxCGm8fzj8j`,
  clientToken: 'fakeKQOwACJ41Ia7rWbwOXxVCawkg6tf6dssZFb9S08L',
  signInClientSecret: String.raw`fake9rLRyPQUxdnr/QXDsTb5eGbMK"CaGjCmKBrbJ8+kUuiKWyLAGw4\0IgFzuukeuvk`,
  signing: 'whsec_ZmFrZWswT3F3eWtrTE01blpZVWtPeVFNYWJGYmE5cHRE',
  signingNext: 'whsec_ZmFrZUxLaExLN1V1RjFhREZjSHR0WVNobWJqbFBCdjJC',
  vaultToken: 'hvs.fakeJq2nHs8Vt0LxXb6GmRk4TzPw1CdE9YfAu7Si',
  model: String.raw`fakeWGLGgvUPfoPy/NRHcokqd1NMx"t05l7lb8XXsT+PNdJUhG7Za2Z\ARgBbD8nUtdm`,
  apiKey: 'pbk_0123456789abcdef_fake1v4CB49cHp86ab9vFBIpXqzTHbtIAwZVUr2VWi4',
  sessionToken: 'pbs_fakePuwnLEOGNWqoZ5PABxBoDNHZl6QTYVY8Hmwf1Jw',
};

/** What a fake issues: letters and digits behind a prefix, as tokens are, made for this run. */
export function issueToken(kind: string, prefix = ''): string {
  return prefix + rememberSecret(kind, randomBytes(60).toString('base64').replaceAll(/[+/=]/g, '').slice(0, 40));
}
