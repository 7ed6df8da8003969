import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readAirline } from './airline.ts';
import { requirePlayable } from './conversation.ts';
import type { Recording } from './conversation.ts';
import { ParsedJson, UnreadableInput } from './parsed-json.ts';
import { readSgd } from './sgd.ts';

const DIALOGUES = /^dialogues_.*\.json$/;

/** Reads a folder or a single file completely before anything is played; the format is told from the content. */
export async function readRecording(path: string, { consent } = { consent: false }): Promise<Recording> {
  const files = await listFiles(path);
  const dialogues = files.filter((file) => DIALOGUES.test(basename(file)));
  if (dialogues.length > 0) return requirePlayable(await readSgdFiles(dialogues, consent));
  if (consent) throw new UnreadableInput(path, 'is not Schema-Guided Dialogue: only there is recorded what callers were asked and agreed to');
  const parsed = await Promise.all(files.filter((file) => file.endsWith('.json')).map(parseFile));
  const airline = parsed.filter(hasTrajectories);
  if (airline.length > 0) return requirePlayable(readAirline(airline));
  throw new UnreadableInput(
    path,
    'holds no recording: neither Schema-Guided Dialogue (schema.json and dialogues_*.json) nor a list of conversations with "traj"',
  );
}

async function listFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UnreadableInput(path, `cannot be read (${cause instanceof Error ? cause.message : String(cause)})`);
  });
  if (!found.isDirectory()) return [path];
  return (await readdir(path)).sort().map((name) => join(path, name));
}

async function readSgdFiles(dialogues: string[], consent: boolean): Promise<Recording> {
  const schema = join(dirname(dialogues[0] ?? ''), 'schema.json');
  return readSgd(await parseFile(schema), await Promise.all(dialogues.map(parseFile)), { consent });
}

async function parseFile(file: string): Promise<ParsedJson> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UnreadableInput(file, `cannot be read (${cause instanceof Error ? cause.message : String(cause)})`);
  });
  return ParsedJson.parse(text, file);
}

function hasTrajectories({ value }: ParsedJson): boolean {
  return Array.isArray(value) && value.some((item) => new ParsedJson(item, '').has('traj'));
}
