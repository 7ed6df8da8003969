import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const OWNER_ONLY = 0o600;

/** Written beside and renamed over: a reader sees the old text or the new one, and a kill leaves no half of it. */
export function writePrivateFile(file: string, text: string): void {
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, text, { mode: OWNER_ONLY });
  renameSync(beside, file);
}

export function writePrivateJson(file: string, value: unknown): void {
  writePrivateFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** The parsed file, or undefined where there is none. */
export function findJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
