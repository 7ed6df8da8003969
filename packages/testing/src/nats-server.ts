import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { isKept, temporaryFolder } from './kept-run.ts';

export interface TestNats {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/**
 * A real nats-server with JetStream for one test file: a free port on loopback, its own store. `extraConfig` is appended to its configuration,
 * and made from its folder where it names files.
 */
export async function startNats(extraConfig: string | ((folder: string) => string) = ''): Promise<TestNats> {
  const { path: folder, remove } = await temporaryFolder('nats-');
  const config = `
    listen: "127.0.0.1:-1"
    ports_file_dir: "${folder}"
    max_payload: 4MB
    jetstream { store_dir: "${folder}/jetstream" }
    ${isKept ? traceTo(`${folder}/trace.log`) : ''}
    ${typeof extraConfig === 'string' ? extraConfig : extraConfig(folder)}
  `;
  await writeFile(join(folder, 'nats.conf'), config);
  const child = spawn(binary(), ['-c', join(folder, 'nats.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ended = once(child, 'exit');
  const url = await Promise.race([
    portsFile(folder),
    ended.then(() => Promise.reject(new Error(`nats-server did not start:\n${log}`))),
  ]);
  return {
    url,
    pid: child.pid!,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
      await remove();
    },
  };
}

/** Every message that was published, whole. */
function traceTo(file: string): string {
  return `trace: true, max_traced_msg_len: 0, log_file: "${file}"`;
}

function binary(): string {
  const given = process.env['PATCHBAY_NATS_SERVER'];
  if (given && existsSync(given)) return given;
  return 'nats-server';
}

/** nats-server writes the ports it got into `nats-server_<pid>.ports`; it may appear empty first. */
async function portsFile(folder: string): Promise<string> {
  const changes = watch(folder);
  try {
    for (;;) {
      const change = once(changes, 'change');
      const file = (await readdir(folder)).find((name) => name.endsWith('.ports'));
      const text = file ? await readFile(join(folder, file), 'utf8') : '';
      if (text.trim().endsWith('}')) return (JSON.parse(text) as { nats: string[] }).nats[0]!;
      await change;
    }
  } finally {
    changes.close();
  }
}
