import { encodeAccount, encodeOperator, encodeUser, fmtCreds, type Account, type User } from '@nats-io/jwt';
import { createAccount, createOperator, createUser, type KeyPair } from '@nats-io/nkeys';
import { startNats, type TestNats } from './nats-server.ts';

export interface OperatorNats extends TestNats {
  /** Public key of the account that services and edges are users of. */
  account: string;
  /** Seeds of the keys that sign changes of the account, and its users. */
  operatorSeed: string;
  signingSeed: string;
  /** A credentials file of a new user of the account, and the public key of that user. */
  mint(name: string, permissions: Partial<User>): Promise<{ credentials: string; publicKey: string }>;
  /** A credentials file of the system account. */
  mintSystem(): Promise<string>;
}

const UNLIMITED = -1;
const EVERYTHING = { pub: { allow: ['>'] }, sub: { allow: ['>'] } };

/** A real nats-server in operator mode, which lets in only whom our account signed, and whose accounts can be changed while it runs. */
export async function startOperatorNats(): Promise<OperatorNats> {
  const [operator, system, account, signing] = [createOperator(), createAccount(), createAccount(), createAccount()];
  const operatorJwt = await encodeOperator('test', operator, { system_account: system.getPublicKey() });
  const systemJwt = await encodeAccount('SYS', system, { limits: limits() }, { signer: operator });
  const claims = { limits: { ...limits(), ...jetStream() }, signing_keys: [signing.getPublicKey()] } as Account;
  const accountJwt = await encodeAccount('PATCHBAY', account, claims, { signer: operator });
  const server = await startNats(
    (folder) => `
    operator: ${operatorJwt}
    system_account: ${system.getPublicKey()}
    # On a busy machine a worker may not come to answer within the default of 2 s.
    authorization { timeout: 30 }
    resolver: { type: full, dir: "${folder}/claims" }
    resolver_preload: { ${system.getPublicKey()}: ${systemJwt}, ${account.getPublicKey()}: ${accountJwt} }
  `,
  );
  return {
    ...server,
    account: account.getPublicKey(),
    operatorSeed: seedOf(operator),
    signingSeed: seedOf(signing),
    async mint(name, permissions) {
      const user = createUser();
      const jwt = await encodeUser(name, user, account, permissions, { signer: signing });
      return { credentials: text(fmtCreds(jwt, user)), publicKey: user.getPublicKey() };
    },
    async mintSystem() {
      const user = createUser();
      return text(fmtCreds(await encodeUser('system', user, system, EVERYTHING), user));
    },
  };
}

function limits() {
  const names = ['subs', 'data', 'payload', 'conn', 'leaf', 'imports', 'exports'];
  return { ...Object.fromEntries(names.map((name) => [name, UNLIMITED])), wildcards: true };
}

function jetStream() {
  return Object.fromEntries(['mem_storage', 'disk_storage', 'streams', 'consumer'].map((name) => [name, UNLIMITED]));
}

function seedOf(key: KeyPair): string {
  return text(key.getSeed());
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
