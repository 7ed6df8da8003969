import { Connection } from '@patchbay/contracts/connections';

const MINUTE_MS = 60_000;

/** ISO 8601, so many minutes from now. */
export function minutesFromNow(minutes: number): string {
  return new Date(Date.now() + minutes * MINUTE_MS).toISOString();
}

function aConnection(facts: object): Connection {
  return Connection.parse({ kind: 'bearer', hint: '', version: 1, createdAt: minutesFromNow(-10_000), ...facts });
}

/** Works, and its secret was rotated lately. */
export const healthy = aConnection({
  connectionId: 'conn_0198a1',
  name: 'Resend, production',
  provider: 'resend',
  hint: 'x9Qd',
  version: 2,
  isDefault: true,
  check: { method: 'GET', url: 'https://api.resend.example/domains' },
  health: 'healthy',
  lastCheckedAt: minutesFromNow(-4),
  lastUsedAt: minutesFromNow(-1.5),
  slots: [
    { slot: 'current', version: 2, hint: 'x9Qd', since: minutesFromNow(-120), until: null },
    { slot: 'previous', version: 1, hint: 'a7Kf', since: minutesFromNow(-10_000), until: minutesFromNow(1320) },
  ],
});

/** Was granted less than was asked for. */
export const lacking = aConnection({
  connectionId: 'conn_0198a2',
  name: 'Cal.com, Berlin office',
  provider: 'calcom',
  kind: 'oauth2_authorization_code',
  settings: { oauth: { clientId: 'patchbay', scopes: ['bookings:read', 'bookings:write'], tokenUrl: 'https://cal.example/token' } },
  grantedScopes: ['bookings:read', 'profile'],
  health: 'scope_insufficient',
  status: 'error',
  reason: { text: 'The provider granted less than was asked for: bookings:write is missing.', fault: 'organization' },
  lastRefreshedAt: minutesFromNow(-20),
  nextRefreshAt: minutesFromNow(25),
  expiresAt: minutesFromNow(40),
  slots: [{ slot: 'current', version: 1, hint: '', since: minutesFromNow(-10_000), until: null }],
});

/** Nobody has agreed at the provider yet. */
export const draft = aConnection({
  connectionId: 'conn_0198a3',
  name: 'Cal.com, sandbox',
  provider: 'calcom',
  kind: 'oauth2_authorization_code',
  environment: 'sandbox',
  sandbox: true,
  settings: { oauth: { clientId: 'patchbay', scopes: ['bookings:read'], tokenUrl: 'https://cal.example/token' } },
  lifecycle: 'draft',
  status: 'pending',
});

/** Can be brought back. */
export const deleted = aConnection({
  connectionId: 'conn_0198a4',
  name: 'Wati, old number',
  provider: 'wati',
  lifecycle: 'deleted',
  status: 'disconnected',
  undeleteUntil: minutesFromNow(1200),
});
