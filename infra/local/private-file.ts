import { readFile, rename, writeFile } from 'node:fs/promises';

const OWNER_ONLY = 0o600;

/** Written beside and renamed over: a reader sees the old text or the new one, and a kill leaves no half of it. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.new`;
  await writeFile(beside, text, { mode: OWNER_ONLY });
  await rename(beside, file);
}

export async function writePrivateJson(file: string, value: unknown): Promise<void> {
  await writePrivateFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** The parsed file, or undefined where there is none. */
export async function findJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
