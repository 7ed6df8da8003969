import { createHash } from 'node:crypto';
import { API_KEY_FORM } from '@patchbay/contracts/access';
import type { ConnectionSecret } from '@patchbay/contracts/connection-kinds';
import { ResolvedSecrets, SigningSecrets } from '@patchbay/contracts/connections';
import type { credentials } from '@patchbay/contracts/credentials';
import type { ClientOf } from '@patchbay/service-kit/messaging/client';
import { sealFor, SealingKey } from '@patchbay/service-kit/messaging/sealed';
import { keepReceived, rememberSecret } from '@patchbay/testing/kept-run';

type CredentialsClient = ClientOf<typeof credentials>;

const SESSION_TOKEN = /^pbs_/;
/** Of a JWT (RS256): what stands before it others have, too. */
const SIGNATURE = /\.([\w-]{342})$/;

/**
 * The client as the gateway and the runner are it: no secret crosses NATS as it is, and whoever asks here sees it open. A question that says
 * itself how it is sealed goes out as it is.
 */
export async function sealingClient(plain: CredentialsClient): Promise<CredentialsClient> {
  const key = await SealingKey.make();
  return { ...plain, ...sealingConnections(plain, key), ...sealingAccess(plain, key) };
}

function sealingConnections(plain: CredentialsClient, key: SealingKey): Partial<CredentialsClient> {
  const sealTo = key.publicKey;
  const seal = async <T extends ConnectionSecret>(request: T) => {
    const { secret, headers, ...rest } = request;
    return secret === undefined && headers === undefined ? request : { ...rest, sealed: await sealed(plain, { secret, headers }) };
  };
  const opened = async <T extends { secret: string | null }>(answer: T): Promise<T> =>
    answer.secret === null ? answer : { ...answer, secret: remembered('signing secret', await key.open(answer.secret)) };
  return {
    createConnection: async (request, options) => plain.createConnection(await seal(request), options),
    createSigningSecret: async (request, options) => opened(await plain.createSigningSecret({ ...request, sealTo }, options)),
    rotateSecret: async (request, options) => opened(await plain.rotateSecret({ ...(await seal(request)), sealTo }, options)),
    async resolveConnection(request, options) {
      if (request.sealTo) return plain.resolveConnection(request, options);
      const answer = await plain.resolveConnection({ ...request, sealTo }, options);
      const secrets = ResolvedSecrets.parse(await key.open(answer.sealed!));
      // Whoever asks shows it to the provider.
      keepReceived({ path: '/', headers: { ...secrets.headers, ...secrets.fallback?.headers }, body: '' });
      return { ...answer, sealed: null, ...secrets };
    },
    async resolveSigningSecrets(request, options) {
      const answer = await plain.resolveSigningSecrets({ ...request, sealTo }, options);
      return { sealed: null, ...SigningSecrets.parse(await key.open(answer.sealed!)) };
    },
    completeAuthorization: async ({ query, ...rest }, options) => plain.completeAuthorization({ ...rest, query: {}, sealed: await sealed(plain, query) }, options),
  };
}

function sealingAccess(plain: CredentialsClient, key: SealingKey): Partial<CredentialsClient> {
  const sealTo = key.publicKey;
  const openedKey = async <T extends { apiKey: string }>(answer: T): Promise<T> => ({ ...answer, apiKey: remembered('API key', await key.open(answer.apiKey)) });
  const openedEdge = async <T extends { credentials: string }>(answer: T): Promise<T> => {
    const file = String(await key.open(answer.credentials));
    const seed = /^SU[A-Z2-7]{56}$/m.exec(file)?.[0];
    if (seed) rememberSecret('edge seed', seed);
    return { ...answer, credentials: file };
  };
  return {
    createOrganization: async (request, options) => openedKey(await plain.createOrganization({ ...request, sealTo }, options)),
    createApiKey: async (request, options) => openedKey(await plain.createApiKey({ ...request, sealTo }, options)),
    rotateApiKey: async (request, options) => openedKey(await plain.rotateApiKey({ ...request, sealTo }, options)),
    createEdge: async (request, options) => openedEdge(await plain.createEdge({ ...request, sealTo }, options)),
    renewEdge: async (request, options) => openedEdge(await plain.renewEdge({ ...request, sealTo }, options)),
    identify: async ({ apiKey, token, ...rest }, options) => plain.identify({ ...rest, ...(await proofOf(plain, { apiKey, token })) }, options),
    async completeSignIn({ query, ...rest }, options) {
      const answer = await plain.completeSignIn({ ...rest, query: {}, sealed: await sealed(plain, query), sealTo }, options);
      return { ...answer, token: remembered('session token', await key.open(answer.token)) };
    },
    endSignIn: async ({ token }, options) => plain.endSignIn({ sessionSha256: sha256(token ?? '') }, options),
  };
}

/** Of what has the form of a key or of a session a hash; the rest is no secret of ours, or none at all. */
async function proofOf(plain: CredentialsClient, { apiKey, token }: { apiKey?: string | undefined; token?: string | undefined }) {
  const id = API_KEY_FORM.exec(apiKey ?? '')?.[1];
  if (apiKey !== undefined) return id ? { apiKeyProof: { apiKeyId: `key_${id}`, sha256: sha256(apiKey) } } : { apiKey };
  if (token === undefined) return {};
  if (SESSION_TOKEN.test(token)) return { sessionSha256: sha256(token) };
  const signature = SIGNATURE.exec(token)?.[1];
  if (signature) rememberSecret('token of the issuer', signature);
  return { sealedToken: await sealed(plain, token) };
}

async function sealed(plain: CredentialsClient, value: unknown) {
  const { ticket, publicKey } = await plain.prepareSecret({});
  return { ticket, text: await sealFor(publicKey, value) };
}

function remembered(kind: string, value: unknown): string {
  return rememberSecret(kind, String(value));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
