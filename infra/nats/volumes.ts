import { join } from 'node:path';
import { credsFile, systemCredsFile } from '../local/nats-config.ts';

/** The user `node` of the image that services, NATS and setup run as. */
export const CONTAINER_USER = 1000;

/** Where docker-compose.yml mounts a service's own volume in its container. */
const MOUNTED_AT = '/run/patchbay';

/** The volumes as setup sees them: one folder for each container, so that none of them sees another's secrets. */
export interface Volumes {
  /** Setup's own: everything generated, from which the rest can be written anew. */
  setup: string;
  secrets: string;
  postgres: string;
  postgresPassword: string;
  /** Mounted at this same path in the container of NATS: its configuration names the folder. */
  nats: string;
  natsConfig: string;
  /** The folder that the credentials service may write to: `keys rotate` changes the ring while it runs. */
  keyringFolder: string;
  service(name: string): string;
}

/** Where the credentials container finds its key ring. */
export const MOUNTED_KEYRING = '/var/lib/patchbay/keyring.json';

/** Where it finds the login that revokes edges. */
export const MOUNTED_SYSTEM_CREDS = systemCredsFile(MOUNTED_AT);

export function volumesIn(folder: string): Volumes {
  const setup = join(folder, 'setup');
  const postgres = join(folder, 'postgres');
  const nats = join(folder, 'nats');
  return {
    setup,
    secrets: join(setup, 'secrets.json'),
    postgres,
    postgresPassword: join(postgres, 'password'),
    nats,
    natsConfig: join(nats, 'server.conf'),
    keyringFolder: join(folder, 'keyring'),
    service: (name) => join(folder, name),
  };
}

/** The service's login to NATS, as its own container sees the file. */
export function mountedCredsFile(service: string): string {
  return credsFile(MOUNTED_AT, service);
}
