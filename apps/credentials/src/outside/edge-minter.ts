import { encodeUser, fmtCreds } from '@nats-io/jwt';
import { createUser, fromSeed, type KeyPair } from '@nats-io/nkeys';
import { edgePermissions } from '@patchbay/contracts/edge';
import type { Secret } from '@patchbay/service-kit/config/secret';

export interface EdgeIdentity {
  organizationId: string;
  edgeId: string;
  name: string;
  /** When its JWT ends; null: never. Whole seconds. */
  expiresAt: Date | null;
}

export interface MintedEdge {
  /** All that is kept of the edge's key pair. */
  publicKey: string;
  /** A NATS credentials file: the signed user and the seed of its key. */
  credentials: string;
  permissions: ReturnType<typeof edgePermissions>;
  natsUrl: string;
}

const UNLIMITED = -1;
/**
 * The server cuts the connection of a client that exceeds its limits, and with it every call of that edge. So the limit
 * is the server's own `max_payload`, far above what the platform accepts (256 KiB): what lies between is answered with a
 * typed error.
 */
const PAYLOAD_LIMIT_BYTES = 4 * 1024 * 1024;
/** An inbox and the events of each live call; enough for one node, and a runaway node cannot burden the server. */
const MAX_SUBSCRIPTIONS = 1000;

/** Makes NATS users for edges, signed with the account's key. */
export class EdgeMinter {
  readonly #natsUrl: string;
  readonly #signer: KeyPair;
  readonly #account: string | undefined;

  constructor(options: { natsUrl: string; signingSeed: Secret; account: string | undefined }) {
    this.#natsUrl = options.natsUrl;
    this.#signer = readSeed(options.signingSeed.reveal());
    this.#account = options.account;
  }

  async mint({ organizationId, edgeId, name, expiresAt }: EdgeIdentity): Promise<MintedEdge> {
    const permissions = edgePermissions(organizationId, edgeId);
    const user = createUser();
    const claims = {
      pub: { allow: permissions.publish },
      sub: { allow: permissions.subscribe },
      payload: PAYLOAD_LIMIT_BYTES,
      subs: MAX_SUBSCRIPTIONS,
      data: UNLIMITED,
    };
    const dates = expiresAt ? { exp: Math.floor(expiresAt.getTime() / 1000) } : {};
    const jwt = this.#account
      ? await encodeUser(name, user, this.#account, claims, { signer: this.#signer, ...dates })
      : await encodeUser(name, user, this.#signer, claims, dates);
    const credentials = new TextDecoder().decode(fmtCreds(jwt, user));
    return { publicKey: user.getPublicKey(), credentials, permissions, natsUrl: this.#natsUrl };
  }
}

/** Whether a text is the seed of an account's key, which may sign users. */
export function isAccountSeed(text: string): boolean {
  try {
    return readSeed(text).getPublicKey().startsWith('A');
  } catch {
    return false; // The library throws one of several errors for a text that is no seed; which one tells nobody anything.
  }
}

function readSeed(text: string): KeyPair {
  return fromSeed(new TextEncoder().encode(text));
}
