import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encodeAccount, encodeOperator, encodeUser, fmtCreds, type Account, type User } from '@nats-io/jwt';
import { createUser, fromSeed } from '@nats-io/nkeys';
import { RESPONSE_LIMITS, serviceInbox, servicePermissions, type ServiceName } from '@patchbay/contracts/service-permissions';
import { writePrivateFile } from './private-file.ts';
import type { Secrets } from './secrets.ts';

type Key = ReturnType<typeof fromSeed>;

/** The keys of the operator, our account, and the keys that sign changes of the account and its users. */
export interface NatsIdentity {
  operator: Key;
  operatorSigning: Key;
  systemAccount: Key;
  account: Key;
  signing: Key;
}

export interface NatsListen {
  /** `host:port` as the server itself sees it; inside a container not what clients use. */
  listen: string;
  /** The folder of the streams and of the accounts' claims, as the server sees it. */
  storeDir: string;
  /** The same folder as it is seen here. */
  folder: string;
  /** Every message goes into the server's log. */
  trace?: boolean;
}

const UNLIMITED = -1;
const CLAIMS_FOLDER = 'claims';
const NANOSECONDS_PER_MS = 1_000_000;

export function natsIdentity(secrets: Secrets['nats']): NatsIdentity {
  const key = (seed: string) => fromSeed(new TextEncoder().encode(seed));
  return {
    operator: key(secrets.operatorSeed),
    operatorSigning: key(secrets.operatorSigningSeed),
    systemAccount: key(secrets.systemAccountSeed),
    account: key(secrets.accountSeed),
    signing: key(secrets.signingSeed),
  };
}

/**
 * The server's configuration in operator mode: only a user whose JWT the account signed gets in, and the permissions
 * written into that JWT are enforced by the server. The claims of the accounts are in a folder, where a running platform
 * changes them; whom it has revoked stays revoked.
 */
export async function natsServerConfig(identity: NatsIdentity, { listen, storeDir, folder, trace = false }: NatsListen): Promise<string> {
  const { operator, operatorSigning, systemAccount, account } = identity;
  const operatorClaims = { system_account: systemAccount.getPublicKey(), signing_keys: [operatorSigning.getPublicKey()] };
  const operatorJwt = await encodeOperator('patchbay', operator, operatorClaims);
  const systemJwt = await encodeAccount('SYS', systemAccount, { limits: accountLimits() }, { signer: operator });
  const revocations = revocationsIn(join(folder, CLAIMS_FOLDER, `${account.getPublicKey()}.jwt`));
  const accountJwt = await encodeAccount('PATCHBAY', account, { ...patchbayAccount(identity), revocations }, { signer: operator });
  return `# Written at every start; changes made here are lost.
server_name: "patchbay-local"
listen: "${listen}"
max_payload: 4MB
# A login is one line and names each subject that the user may use; the default of 4 KiB is nearly what the gateway needs.
max_control_line: 16KB
# The default of two minutes would lose that much acknowledged work in a power cut.
jetstream { store_dir: ${JSON.stringify(storeDir)}, sync_interval: "1s" }
trace: ${trace}
operator: ${operatorJwt}
system_account: ${systemAccount.getPublicKey()}
resolver: { type: full, dir: ${JSON.stringify(join(storeDir, CLAIMS_FOLDER))}, allow_delete: false }
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

/** A creds file of a service: it may do what its contracts say, and nothing else. */
export function mintServiceCreds(identity: NatsIdentity, service: string): Promise<Uint8Array> {
  const { publish, subscribe, responds } = servicePermissions(service as ServiceName);
  const resp = { max: RESPONSE_LIMITS.max, ttl: RESPONSE_LIMITS.ttlMs * NANOSECONDS_PER_MS };
  return mintCreds(identity, service, { pub: { allow: publish }, sub: { allow: subscribe }, ...(responds ? { resp } : {}) });
}

/** One creds file per service. */
export async function writeServiceCreds(identity: NatsIdentity, folder: string, services: string[]): Promise<void> {
  for (const service of services) {
    const creds = await mintServiceCreds(identity, service);
    writePrivateFile(credsFile(folder, service), new TextDecoder().decode(creds));
  }
}

/** The login with which the credentials service revokes edges: of the system account, good for reading and changing our account's claims only. */
export async function writeSystemCreds(identity: NatsIdentity, folder: string): Promise<void> {
  const user = createUser();
  const ofAccount = `$SYS.REQ.ACCOUNT.${identity.account.getPublicKey()}`;
  const subjects = [`${ofAccount}.CLAIMS.LOOKUP`, `${ofAccount}.INFO`, '$SYS.REQ.CLAIMS.UPDATE'];
  const permissions = { pub: { allow: subjects }, sub: { allow: [`${serviceInbox('credentials')}.>`] } };
  const jwt = await encodeUser('credentials', user, identity.systemAccount, permissions);
  writePrivateFile(systemCredsFile(folder), new TextDecoder().decode(fmtCreds(jwt, user)));
}

/** The login with which a start makes sure that the server can be used, before any service has come up. */
export async function writeStartCreds(identity: NatsIdentity, folder: string): Promise<void> {
  const creds = await mintCreds(identity, 'start', { pub: { allow: ['$JS.API.INFO'] }, sub: { allow: ['_INBOX.>'] } });
  writePrivateFile(startCredsFile(folder), new TextDecoder().decode(creds));
}

export function credsFile(folder: string, service: string): string {
  return join(folder, `${service}.creds`);
}

export function systemCredsFile(folder: string): string {
  return join(folder, 'system.creds');
}

export function startCredsFile(folder: string): string {
  return join(folder, 'start.creds');
}

/** The claims that the server keeps, and the platform has changed; none before the first start. */
function revocationsIn(file: string): Account['revocations'] {
  return existsSync(file) ? decode<Account>(readFileSync(file, 'utf8')).nats.revocations : undefined;
}

function patchbayAccount({ signing }: NatsIdentity): Account {
  const jetStream = { mem_storage: UNLIMITED, disk_storage: UNLIMITED, streams: UNLIMITED, consumer: UNLIMITED };
  return { limits: { ...accountLimits(), ...jetStream }, signing_keys: [signing.getPublicKey()] } as Account;
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
