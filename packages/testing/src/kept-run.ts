import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of a run that keeps what its tests leave behind, so that all of it can be searched for secrets; unset in every other run. */
const KEPT = process.env['PATCHBAY_TEST_KEEP'];
const PACKAGE = process.env['npm_package_name']?.replace(/^@patchbay\//, '') ?? 'tests';
/** Of the files of this process, into which nobody else writes. */
const NAME = `${PACKAGE}-${randomUUID()}`;

/** Whether this run keeps what its tests leave behind. */
export const isKept = KEPT !== undefined;

export interface TemporaryFolder {
  path: string;
  /** Leaves it where it is in a run that is kept. */
  remove(): Promise<void>;
}

/** A folder of a test file, in a run that is kept beside all others of that run. */
export async function temporaryFolder(prefix: string): Promise<TemporaryFolder> {
  if (KEPT) return { path: await mkdtemp(join(KEPT, `${prefix}${PACKAGE}-`)), remove: async () => {} };
  const path = await mkdtemp(join(tmpdir(), `patchbay-${prefix}`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** What a fake was sent: a secret that is in none of it was not used, and that it is found nowhere else proves nothing. */
export function keepReceived({ path, headers, body }: { path: string; headers: Record<string, unknown>; body: string }): void {
  append('received', JSON.stringify({ path, headers, body }));
}

/** What one of our services answered by HTTP, with its headers; whoever asked reads it as if nobody else did. */
export function keepAnswer(route: string, response: Response): void {
  if (!KEPT) return;
  append('answers', [`ANSWER ${route}`, ...[...response.headers].map(([name, value]) => `${name}: ${value}`)].join('\n'));
  const { body } = response.clone();
  if (body) void keepBody(route, body);
}

/** Piece by piece: a stream of events is cut off by whoever asked for it, who also hears of every other end; what came before is kept. */
async function keepBody(route: string, body: ReadableStream<Uint8Array>): Promise<void> {
  try {
    for await (const piece of body) append('answers', `ANSWER ${route}\n${Buffer.from(piece).toString()}`);
  } catch (error) {
    append('answers', `ANSWER ${route}\nended early: ${String(error)}`);
  }
}

/** A secret that was made in this run, and that must be found nowhere. Returns it. */
export function rememberSecret(kind: string, value: string): string {
  append('secrets', JSON.stringify({ kind, value }));
  return value;
}

function append(kind: string, text: string): void {
  if (!KEPT) return;
  const folder = join(KEPT, kind);
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, NAME), `${text}\n`);
}
