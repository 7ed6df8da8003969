import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

export interface IssuerSetup {
  issuer: string;
  port: number;
  jwks: { keys: JWK[] };
  clients: { client_id: string; client_secret?: string; redirect_uris: string[]; token_endpoint_auth_method?: 'none' }[];
  /** By subject. */
  people: Record<string, { email: string; email_verified: boolean | string; name?: string }>;
  /** Otherwise they are only told by the end point `userinfo`. */
  claimsInIdToken: boolean;
  audience: string;
  /** The client that gets access tokens for the audience. */
  toolClientId: string;
}

export const CLIENT = { client_id: 'patchbay', client_secret: KNOWN_SECRETS.signInClientSecret, redirect_uris: ['https://patchbay.example/v1/sign-in/callback'] };
export const TOOL = { client_id: 'tool', redirect_uris: ['https://tool.example/callback'], token_endpoint_auth_method: 'none' as const };
export const AUDIENCE = 'https://patchbay.example/api';

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  jwk: JWK;
}

export interface RunningIssuer {
  url: string;
  key: SigningKey;
  /** A token with the claims of one that the issuer would make, changed where the test says so. */
  token(claims?: JWTPayload, options?: { key?: SigningKey; expiresAt?: number; notBefore?: number }): Promise<string>;
  /** Stops it, and starts it again with another key. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

export async function newSigningKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'RS256' } };
}

/** A real OpenID provider, in a process of its own. */
export async function runIssuer(options: Pick<IssuerSetup, 'people'> & Partial<Pick<IssuerSetup, 'claimsInIdToken'>>): Promise<RunningIssuer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let key = await newSigningKey('first');
  const base = { issuer: url, port, clients: [CLIENT, TOOL], audience: AUDIENCE, toolClientId: TOOL.client_id, claimsInIdToken: false, ...options };
  let running = await start({ ...base, jwks: { keys: [key.jwk] } });
  return {
    url,
    get key() {
      return key;
    },
    async token(claims = {}, { key: signer = key, expiresAt, notBefore } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const jwt = new SignJWT({ iss: url, aud: AUDIENCE, sub: 'ada', iat: now, ...claims }).setProtectedHeader({ alg: 'RS256', kid: signer.kid, typ: 'at+jwt' });
      if (notBefore !== undefined) jwt.setNotBefore(notBefore);
      return jwt.setExpirationTime(expiresAt ?? now + 300).sign(signer.privateKey);
    },
    async rotate() {
      await stop(running);
      key = await newSigningKey('second');
      running = await start({ ...base, jwks: { keys: [key.jwk] } });
    },
    stop: () => stop(running),
  };
}

async function start(setup: IssuerSetup): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./issuer-process.ts', import.meta.url));
  const { PATH, PATCHBAY_TEST_KEEP, npm_package_name } = process.env;
  const env = { PATH, PATCHBAY_TEST_KEEP, npm_package_name, ISSUER_SETUP: JSON.stringify(setup) };
  const child = spawn(process.execPath, ['--no-warnings', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const first = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (!Buffer.isBuffer(first[0])) throw new Error(`the issuer did not start: ${said}`);
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
