import { join } from 'node:path';
import { encodeAccount, encodeOperator, encodeUser, fmtCreds, type User } from '@nats-io/jwt';
import { createUser, fromSeed } from '@nats-io/nkeys';
import { writePrivateFile } from './private-file.ts';
import type { Secrets } from './secrets.ts';

type Key = ReturnType<typeof fromSeed>;

/** The keys of the operator, our account, and the key that signs its users. */
export interface NatsIdentity {
  operator: Key;
  systemAccount: Key;
  account: Key;
  signing: Key;
}

export interface NatsListen {
  /** `host:port` as the server itself sees it; inside a container not what clients use. */
  listen: string;
  storeDir: string;
}

const UNLIMITED = -1;

export function natsIdentity(secrets: Secrets['nats']): NatsIdentity {
  const key = (seed: string) => fromSeed(new TextEncoder().encode(seed));
  return {
    operator: key(secrets.operatorSeed),
    systemAccount: key(secrets.systemAccountSeed),
    account: key(secrets.accountSeed),
    signing: key(secrets.signingSeed),
  };
}

/**
 * The server's configuration in operator mode: only a user whose JWT the account signed gets in, and the permissions
 * written into that JWT are enforced by the server.
 */
export async function natsServerConfig(identity: NatsIdentity, { listen, storeDir }: NatsListen): Promise<string> {
  const { operator, systemAccount, account } = identity;
  const operatorJwt = await encodeOperator('patchbay', operator, { system_account: systemAccount.getPublicKey() });
  const systemJwt = await encodeAccount('SYS', systemAccount, { limits: accountLimits() }, { signer: operator });
  const accountJwt = await encodeAccount('PATCHBAY', account, patchbayAccount(identity), { signer: operator });
  return `# Written at every start; changes made here are lost.
server_name: "patchbay-local"
listen: "${listen}"
max_payload: 4MB
# The default of two minutes would lose that much acknowledged work in a power cut.
jetstream { store_dir: ${JSON.stringify(storeDir)}, sync_interval: "1s" }
operator: ${operatorJwt}
system_account: ${systemAccount.getPublicKey()}
resolver: MEMORY
resolver_preload: {
  ${systemAccount.getPublicKey()}: ${systemJwt}
  ${account.getPublicKey()}: ${accountJwt}
}
`;
}

/** A creds file for one user of our account, signed by the account's signing key as the credentials service signs edges. */
export async function mintCreds(identity: NatsIdentity, name: string, permissions: Partial<User>): Promise<Uint8Array> {
  const user = createUser();
  const jwt = await encodeUser(name, user, identity.account, permissions, { signer: identity.signing });
  return fmtCreds(jwt, user);
}

/** One creds file per service. For now each may use every subject of the account. */
export async function writeServiceCreds(identity: NatsIdentity, folder: string, services: string[]): Promise<void> {
  for (const service of services) {
    const creds = await mintCreds(identity, service, { pub: { allow: ['>'] }, sub: { allow: ['>'] } });
    writePrivateFile(credsFile(folder, service), new TextDecoder().decode(creds));
  }
}

export function credsFile(folder: string, service: string): string {
  return join(folder, `${service}.creds`);
}

function patchbayAccount({ signing }: NatsIdentity): Parameters<typeof encodeAccount>[2] {
  const jetStream = { mem_storage: UNLIMITED, disk_storage: UNLIMITED, streams: UNLIMITED, consumer: UNLIMITED };
  return { limits: { ...accountLimits(), ...jetStream }, signing_keys: [signing.getPublicKey()] };
}

/** A limit left out of an account's JWT means zero. */
function accountLimits() {
  return {
    subs: UNLIMITED,
    data: UNLIMITED,
    payload: UNLIMITED,
    conn: UNLIMITED,
    leaf: UNLIMITED,
    imports: UNLIMITED,
    exports: UNLIMITED,
    wildcards: true,
  };
}
