import type { Connection, ResolvedConnection } from '@patchbay/contracts/credentials';

type Draft = Pick<Connection, 'connectionId' | 'name' | 'provider' | 'kind' | 'sandbox'>;

const HINT_CHARACTERS = 4;
/** Below this length four characters would give away too much of the secret. */
const HINTED_FROM_CHARACTERS = 16;

/** The first version of a connection, as anyone of its organization may see it. */
export function firstVersion(draft: Draft, secret: string, now: Date): Connection {
  return { ...draft, hint: hintOf(secret), version: 1, createdAt: now.toISOString() };
}

function hintOf(secret: string): string {
  return secret.length < HINTED_FROM_CHARACTERS ? '' : secret.slice(-HINT_CHARACTERS);
}

type Placement = Pick<ResolvedConnection, 'headers' | 'signingSecrets'>;

/** Where the secret of a connection goes in a request to its provider. */
const PLACEMENTS: Record<Connection['kind'], (secret: string) => Placement> = {
  bearer: (secret) => ({ headers: { authorization: `Bearer ${secret}` }, signingSecrets: [] }),
  signing_secret: (secret) => ({ headers: {}, signingSecrets: [secret] }),
};

export function resolved(
  connection: Pick<Connection, 'connectionId' | 'version' | 'kind' | 'sandbox'>,
  secret: string,
): ResolvedConnection {
  const { connectionId, version, kind, sandbox } = connection;
  return { connectionId, version, sandbox, ...PLACEMENTS[kind](secret) };
}
