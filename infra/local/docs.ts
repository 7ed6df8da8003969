// What `npm run docs` runs: writes every generated document anew. With --check nothing is written, and a document that
// is not what its generator would write is an error.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { repoRoot } from './paths.ts';

/** Each takes `--check`. */
const GENERATORS = [
  'packages/contracts/scripts/generate-asyncapi.ts',
  'apps/gateway/scripts/generate-openapi.ts',
  'infra/local/env-example.ts',
];

for (const generator of GENERATORS.filter((file) => existsSync(join(repoRoot, file)))) {
  const { code, output } = await runCommand(process.execPath, [generator, ...process.argv.slice(2)], { cwd: repoRoot });
  console.log(`${generator}: ${code === 0 ? 'ok' : 'failed'}`);
  if (output.trim() !== '') console.log(output.trim());
  if (code !== 0) process.exitCode = 1;
}
