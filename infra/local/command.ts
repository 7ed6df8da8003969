import { spawn } from 'node:child_process';

export interface Ran {
  code: number;
  output: string;
}

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  signal?: AbortSignal;
}

/** Runs a command to its end and keeps what it says on either stream. Code 127 means that there is no such command. */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.name === 'AbortError') reject(error);
      else resolve({ code: error.code === 'ENOENT' ? 127 : 126, output: error.message });
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
