import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import pg from 'pg';
import { pathsIn } from '../../infra/local/paths.ts';
import { SERVICES } from '../../infra/local/services.ts';
import type { RecordedAnswer } from './api.ts';
import type { Scanner } from './scanner.ts';

const CHUNK_BYTES = 8 * 1024 * 1024;
/** Longer than the longest spelling of a secret, so that none is lost between two chunks. */
const OVERLAP_BYTES = 2_048;
const ROWS_AT_ONCE = 500;
/** Every process has it. */
const METRIC = /^process_cpu_seconds_total [0-9.e-]+$/m;
/** So that a finding names the subject or route, and not whose it was. */
const IDS = /\b([a-z]{2,4})_[a-z0-9]{8,}/g;

/** Every file below a folder, byte by byte. */
export function scanFolder(scanner: Scanner, place: string, folder: string, leaveOut: (path: string) => boolean = () => false): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !leaveOut(path)) scanFile(scanner, place, path, relative(folder, path));
  }
}

export function scanFile(scanner: Scanner, place: string, path: string, name: string): void {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  try {
    for (let at = 0; ; at += CHUNK_BYTES - OVERLAP_BYTES) {
      const length = readSync(file, chunk, 0, CHUNK_BYTES, at);
      scanner.scan(place, name, Buffer.from(chunk.subarray(0, length)));
      if (length < CHUNK_BYTES) return;
    }
  } finally {
    closeSync(file);
  }
}

/** Every row of every table of every database, as text, ciphertext too. Returns how many tables there were. */
export async function scanDatabases(scanner: Scanner, adminUrl: string): Promise<number> {
  let tables = 0;
  for (const url of await databasesAt(adminUrl)) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const table of await tablesIn(client)) {
        await scanTable(scanner, client, `${new URL(url).pathname.slice(1)}.${table}`, table);
        tables += 1;
      }
    } finally {
      await client.end();
    }
  }
  return tables;
}

/** The address of each database of the server. */
export async function databasesAt(adminUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('select datname as name from pg_database where not datistemplate order by 1');
    return rows.map(({ name }) => Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href);
  } finally {
    await client.end();
  }
}

/** Partitions are read through their table. */
async function tablesIn(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'm') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function scanTable(scanner: Scanner, client: pg.Client, where: string, table: string): Promise<void> {
  await client.query('begin');
  await client.query(`declare every_row no scroll cursor for select t::text as row from ${table} t`);
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${ROWS_AT_ONCE} from every_row`);
    if (rows.length === 0) break;
    scanner.scan('tables', where, Buffer.from(rows.map(({ row }) => row).join('\n')));
  }
  await client.query('commit');
}

/** What Prometheus reads from each service. One that shows none would not be searched, so it is an error. Returns how many there were. */
export async function scanMetrics(scanner: Scanner, services: Record<string, { port: number }>): Promise<number> {
  const missing = SERVICES.filter(({ name }) => !services[name]).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`These do not run, so their metrics cannot be searched: ${missing.join(', ')}.`);
  for (const [name, { port }] of Object.entries(services)) {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    const text = await answer.text();
    if (!answer.ok || !METRIC.test(text)) throw new Error(`${name} shows no metrics at /metrics: ${answer.status} ${text.slice(0, 200)}`);
    scanner.scan('metrics', name, Buffer.from(text));
  }
  return Object.keys(services).length;
}

export function scanAnswers(scanner: Scanner, answers: RecordedAnswer[]): void {
  for (const { route, bytes } of answers) scanner.scan('HTTP answers', route, bytes);
}

/** What services answered by HTTP in tests, one file a process. */
export function scanAnswerFiles(scanner: Scanner, folder: string): void {
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'latin1');
    for (const answer of text.split(/^ANSWER (?=[A-Z]+ \S+$)/m)) {
      const route = answer.slice(0, answer.indexOf('\n')).replaceAll(IDS, '$1_*');
      scanner.scan('HTTP answers', route, Buffer.from(answer, 'latin1'));
    }
  }
}

/** Of a platform that was started with `PATCHBAY_NATS_TRACE`. */
export function natsTrace(dataDir: string): string {
  return join(pathsIn(dataDir).logs, 'nats.log');
}

/** What a nats-server wrote down of all that it was sent, message by message. */
export function scanTrace(scanner: Scanner, file: string): void {
  const text = readFileSync(file, 'latin1');
  for (const message of text.split(/^(?=.* <<- \[)/m)) {
    const [, operation = '', subject = ''] = /<<- \[(\S+) ?(\S*)/.exec(message) ?? [];
    const where = operation.endsWith('PUB') ? subject.replaceAll(IDS, '$1_*').replace(/^_INBOX.*/, '_INBOX') : operation;
    scanner.scan('NATS messages', where, Buffer.from(message, 'latin1'));
  }
}

/** Message by message, so that a finding names its subject. */
export function scanMessages(scanner: Scanner, file: string): void {
  const text = readFileSync(file, 'latin1');
  const subjects = new Map<string, string[]>();
  for (const message of text.split(/^MSG (?=\S+ \S*$)/m)) {
    const subject = message.slice(0, message.indexOf(' ')).replaceAll(IDS, '$1_*').replace(/^_INBOX.*/, '_INBOX');
    subjects.set(subject, [...(subjects.get(subject) ?? []), message]);
  }
  for (const [subject, messages] of subjects) for (const message of messages) scanner.scan('NATS messages', subject, Buffer.from(message, 'latin1'));
}
