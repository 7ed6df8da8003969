import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Nothing may be fetched, updated or synchronized by the browser itself. */
export const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser to test with: the one that is named, or the first on PATH. */
export function findChromium(variables: NodeJS.ProcessEnv): string {
  const { PATCHBAY_CHROMIUM: named, PATH = '' } = variables;
  const candidates = named
    ? [named]
    : PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = candidates.find(isExecutable);
  if (found) return found;
  const why = named ? `PATCHBAY_CHROMIUM is ${named}, which cannot be run.` : `None of ${NAMES.join(', ')} is on PATH.`;
  throw new Error(
    `The console is tested in a real Chromium. ${why} Install chromium, or set PATCHBAY_CHROMIUM to its path.`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not being there is the answer to the question, not a failure.
    return false;
  }
}
