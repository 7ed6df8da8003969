// What `npm run check` runs, and `npm test` first: everything that can be said about the code without running it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { repoRoot } from './paths.ts';
import { continueProgress, type Progress } from './progress.mjs';
import { onStopSignal } from './stop-signal.ts';

interface Check {
  title: string;
  program: string;
  args: string[];
  /** Checked only where this is there. */
  needs?: string;
}

const CHECKS: Check[] = [
  { title: 'lint', program: tool('oxlint'), args: ['.'] },
  {
    title: 'dependency rules',
    program: tool('depcruise'),
    args: ['--config', '.dependency-cruiser.cjs', 'apps', 'packages', 'infra', 'test'],
  },
  typecheck('infra/local'),
  typecheck('test'),
  typecheck('packages/tooling/tsconfig.specs.json', 'the tests of apps and packages'),
  { title: 'generated documents', program: process.execPath, args: ['infra/local/docs.ts', '--check'] },
];

/** Runs all checks, shows what failed, and returns the titles of those. */
export async function runChecks(progress: Progress, signal?: AbortSignal): Promise<string[]> {
  return progress.step('checking lint, dependency rules, types and documents', async ({ item, detail }) => {
    const failed: string[] = [];
    for (const check of CHECKS.filter(({ needs }) => !needs || existsSync(join(repoRoot, needs)))) {
      const { code, output } = await runCommand(check.program, check.args, { cwd: repoRoot, signal });
      item(`${check.title}: ${code === 0 ? 'ok' : `failed\n\n${output.trim()}\n`}`);
      if (code !== 0) failed.push(check.title);
    }
    if (failed.length > 0) detail(`${failed.length} failed`);
    return failed;
  });
}

function typecheck(place: string, name = place): Check {
  const project = place.endsWith('.json') ? place : `${place}/tsconfig.json`;
  return { title: `types of ${name}`, program: tool('tsc'), args: ['--noEmit', '-p', project], needs: project };
}

function tool(name: string): string {
  return join(repoRoot, 'node_modules', '.bin', name);
}

if (import.meta.main) {
  const progress = continueProgress(process.env.PATCHBAY_PROGRESS, 1);
  const failed = await runChecks(progress, onStopSignal());
  if (failed.length > 0) process.exitCode = 1;
}
