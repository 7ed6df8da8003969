import { chown } from 'node:fs/promises';
import { runCommand } from './command.ts';

/**
 * How PostgreSQL's programs are launched. PostgreSQL refuses to run as root, so root lends it a user of its own.
 */
export interface PostgresUser {
  launch(program: string, args: string[]): { command: string; args: string[]; uid?: number; gid?: number };
  /** Gives a file or folder to the user. */
  own(path: string): Promise<void>;
}

interface Ids {
  uid: number;
  gid: number;
}

const USER_NAME = 'postgres';

/**
 * @param program one of PostgreSQL's programs, to try whether the user can reach it
 * @param dataDir an existing folder that the user must be able to reach
 */
export async function findPostgresUser(program: string, dataDir: string): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return { launch: (command, args) => ({ command, args }), own: async () => {} };
  const ids = (await findIds()) ?? (await createUser());
  const candidates = [plainUser(ids), passingUser(ids)];
  await candidates[0]!.own(dataDir);
  for (const user of candidates) if (await canReach(user, program, dataDir)) return user;
  throw new Error(
    `PostgreSQL cannot run as root, and the user "${USER_NAME}" that it runs as instead cannot reach ${program} and ${dataDir}: ` +
      'a folder above them is closed to others. Clone Patchbay into a folder that others may pass through, such as one under /opt or /srv ' +
      '(PATCHBAY_DATA moves the data alone), or run it as an ordinary user.',
  );
}

function plainUser({ uid, gid }: Ids): PostgresUser {
  return { launch: (command, args) => ({ command, args, uid, gid }), own: (path) => chown(path, uid, gid) };
}

/**
 * For a repository below a folder that is closed to others, as root's home is: the user keeps one right of root, to pass
 * through closed folders. It is no more than every other process of the platform has when root starts it.
 * `no_setuid_fixup` because access(2), with which PostgreSQL looks for its own files, ignores the right otherwise.
 */
function passingUser({ uid, gid }: Ids): PostgresUser {
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const setpriv = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...rights, '--'];
  return {
    launch: (program, args) => ({ command: 'setpriv', args: [...setpriv, program, ...args] }),
    own: (path) => chown(path, uid, gid),
  };
}

async function canReach(user: PostgresUser, program: string, dataDir: string): Promise<boolean> {
  for (const [command, ...args] of [
    [program, '--version'],
    ['ls', dataDir],
  ] as [string, ...string[]][]) {
    const launch = user.launch(command, args);
    const { code } = await runCommand(launch.command, launch.args, { ...launch, cwd: '/' });
    if (code !== 0) return false;
  }
  return true;
}

async function findIds(): Promise<Ids | undefined> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => runCommand('id', [flag, USER_NAME])));
  return uid!.code === 0 && gid!.code === 0 ? { uid: Number(uid!.output), gid: Number(gid!.output) } : undefined;
}

async function createUser(): Promise<Ids> {
  const created = await runCommand('useradd', ['--system', '--user-group', '--shell', '/usr/sbin/nologin', USER_NAME]);
  const ids = await findIds();
  if (ids) return ids;
  throw new Error(
    `PostgreSQL cannot run as root, and no user "${USER_NAME}" could be created for it: ${created.output.trim()}. ` +
      'Create that user, or run Patchbay as an ordinary user.',
  );
}
