import { Inject, Injectable } from '@nestjs/common';
import { API_KEY_FORM, type AccessChange, type ApiCaller } from '@patchbay/contracts/access';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { SESSION_TOKEN, type Proof } from '../http/proof.ts';
import { Believed } from './believed.ts';
import { SecretEnvelopes } from './secret-envelopes.ts';
import { sha256 } from './sha256.ts';

/** Milliseconds for which a caller and an edge are believed after they were looked up, where nobody says that they have changed. */
export const BELIEVED_MS = Symbol('believed ms');

interface Known {
  caller: ApiCaller;
  /** Of the key or token that was shown. */
  shownSha256: string;
}

/**
 * Whom a request speaks for; asked of credentials, believed for a few seconds. Keys and tokens are held as hashes only, and as such they are
 * asked about; a token of the identity provider, which must be verified, goes there sealed.
 */
@Injectable()
export class ApiCallers {
  readonly #believed: Believed<Known>;

  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly envelopes: SecretEnvelopes,
    @Inject(BELIEVED_MS) believedMs: number,
  ) {
    this.#believed = new Believed(believedMs);
  }

  async identify(proof: Proof, organizationId: string | undefined): Promise<ApiCaller> {
    const shownSha256 = sha256(proof.value);
    const { caller } = await this.#believed.get(`${proof.kind} ${organizationId ?? ''} ${shownSha256}`, async () => ({
      caller: await this.credentialsClient.identify({ ...(await this.#toldOf(proof)), organizationId }),
      shownSha256,
    }));
    return caller;
  }

  /** Who acts as this is looked up again. */
  forget({ kind, id }: AccessChange['object']): void {
    this.#believed.forget(({ caller }) => (kind === 'api_key' ? caller.apiKeyId : caller.personId) === id);
  }

  /** The same of whoever shows this token, in whichever organization. */
  forgetToken(token: string): void {
    const ended = sha256(token);
    this.#believed.forget(({ shownSha256 }) => shownSha256 === ended);
  }

  forgetAll(): void {
    this.#believed.forgetAll();
  }

  async #toldOf({ kind, value }: Proof): Promise<RequestOf<typeof credentials.identify>> {
    if (kind === 'apiKey') return { apiKeyProof: { apiKeyId: apiKeyIdOf(value), sha256: sha256(value) } };
    if (SESSION_TOKEN.test(value)) return { sessionSha256: sha256(value) };
    return { sealedToken: await this.envelopes.sealed(value) };
  }
}

/** In the words of credentials: they tell a guesser nothing. */
function apiKeyIdOf(apiKey: string): string {
  const id = API_KEY_FORM.exec(apiKey)?.[1];
  if (id) return `key_${id}`;
  throw new ServiceError('unauthenticated', 'The API key is not valid.');
}
