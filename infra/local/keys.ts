// What `npm run keys` runs: the credentials service's own program, on the platform that runs on the data folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { dataDirFrom, pathsIn, repoRoot } from './paths.ts';
import { serviceDatabaseUrls } from './postgres-databases.ts';
import { findJson } from './private-file.ts';
import { readRunning } from './running.ts';
import type { Secrets } from './secrets.ts';

const paths = pathsIn(dataDirFrom(process.env));

/** Variables that are set win: a deployed service's keys are changed with its own environment. */
async function environment(): Promise<NodeJS.ProcessEnv> {
  if (process.env.CREDENTIALS_DATABASE_URL) return { ...process.env, DATABASE_URL: process.env.CREDENTIALS_DATABASE_URL };
  const running = await readRunning(paths.dataDir);
  const secrets = findJson<Secrets>(paths.secrets);
  const adminUrl = process.env.DATABASE_URL ?? running?.databaseUrl;
  if (!secrets || !adminUrl) {
    throw new Error(`No platform runs on ${paths.dataDir}: start it with "npm start", then run this beside it.`);
  }
  return {
    CREDENTIALS_KEYRING_FILE: paths.keyring,
    ...process.env,
    DATABASE_URL: serviceDatabaseUrls(adminUrl, 'credentials', secrets.postgres.roles).work,
  };
}

try {
  const program = join(repoRoot, 'apps/credentials/dist/keys-program.js');
  const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit', env: await environment() });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
