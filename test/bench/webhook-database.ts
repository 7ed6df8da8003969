import pg from 'pg';

/** The same facts as Patchbay keeps of an invocation and its attempt, in one row: one insert is all a webhook does. */
export const EVIDENCE_COLUMNS = [
  'invocation_id',
  'session_id',
  'turn_id',
  'tool_call_id',
  'function',
  'arguments',
  'status',
  'verdict',
  'trace_id',
  'received_at',
  'duration_ms',
  'attempt',
] as const;

const DATABASE = 'webhook_bench';
const TABLE = `create table evidence (
  invocation_id uuid primary key,
  session_id text not null,
  turn_id text not null,
  tool_call_id text not null,
  function text not null,
  arguments jsonb not null,
  status text not null,
  verdict jsonb not null,
  trace_id text not null,
  received_at timestamptz not null,
  duration_ms double precision not null,
  attempt jsonb not null
);
create index evidence_session on evidence (session_id);`;

/**
 * A database of its own for the webhooks, on the server that Patchbay uses.
 *
 * @param adminUrl of the server's superuser
 * @returns its URL
 */
export async function createWebhookDatabase(adminUrl: string): Promise<string> {
  await withClient(adminUrl, (admin) => admin.query(`create database ${DATABASE}`));
  const url = new URL(adminUrl);
  url.pathname = `/${DATABASE}`;
  await withClient(url.href, (client) => client.query(TABLE));
  return url.href;
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
