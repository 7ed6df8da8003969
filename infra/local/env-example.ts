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
// Every service has one. The console's server keeps its two variables to itself; its README names them.
const services = readdirSync(apps).filter((name) => existsSync(join(apps, name, 'src', 'env.ts')));
const outdated: string[] = [];
for (const name of services) {
  const { Env } = (await import(join(apps, name, 'dist', 'env.js'))) as EnvModule;
  const file = join(apps, name, '.env.example');
  const text = envExample(Env);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  outdated.push(`apps/${name}/.env.example`);
  if (!process.argv.includes('--check')) writeFileSync(file, text);
}
if (process.argv.includes('--check') && outdated.length > 0) {
  throw new Error(`Out of date: ${outdated.join(', ')}. Run \`npm run docs\`.`);
}
