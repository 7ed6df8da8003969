// Writes apps/<name>/.env.example from the schema of each service's environment. With --check nothing is written, and a
// file that is not what its schema would give is an error.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envExample } from '../../packages/service-kit/dist/config/env.js';
import { repoRoot } from './paths.ts';

interface EnvModule {
  Env: Parameters<typeof envExample>[0];
}

const apps = join(repoRoot, 'apps');
/** Where the schema of an app's environment is built to; the console's program is its server. */
const moduleOf = (name: string) => join(apps, name, name === 'console' ? 'dist-server' : 'dist', 'env.js');
const services = readdirSync(apps).filter((name) => existsSync(moduleOf(name)));
const outdated: string[] = [];
for (const name of services) {
  const { Env } = (await import(moduleOf(name))) as EnvModule;
  const file = join(apps, name, '.env.example');
  const text = envExample(Env);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  outdated.push(`apps/${name}/.env.example`);
  if (!process.argv.includes('--check')) writeFileSync(file, text);
}
if (process.argv.includes('--check') && outdated.length > 0) {
  throw new Error(`Out of date: ${outdated.join(', ')}. Run \`npm run docs\`.`);
}
