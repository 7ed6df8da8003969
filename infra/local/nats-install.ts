import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandOptions } from './command.ts';
import { readOsRelease, type OsRelease } from './os-release.ts';
import { NATS_FLOOR, NATS_LOWEST, compareVersions, versionIn } from './nats-version.ts';

export interface NatsBinary {
  path: string;
  version: string;
}

/** Newest first. A system's own suite carries a nats-server that is too old, but its mirror serves the newer ones too. */
const SUITES = {
  debian: {
    names: ['forky', 'sid', 'trixie'],
    components: 'main',
    keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
  },
  ubuntu: {
    names: ['devel', 'resolute', 'questing'],
    components: 'main universe',
    keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
  },
};

/**
 * Takes nats-server out of the operating system's own package, with apt's own client and lists in a folder of ours:
 * nothing is installed, the system's lists are not touched, and no rights are needed.
 *
 * @param binDir where the binary is put
 * @returns the binary, or why there is none
 */
export async function installFromApt(
  binDir: string,
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<NatsBinary | string> {
  const os = readOsRelease();
  if (os.family === 'other') return 'not a Debian or Ubuntu system';
  const mirror = await findMirror(os, signal);
  if (!mirror) return 'apt-get names no mirror of this system';

  const work = join(binDir, 'apt');
  const reasons: string[] = [];
  let best: NatsBinary | undefined;
  try {
    for (const suite of SUITES[os.family].names) {
      note(`nats-server from the package of ${os.family} ${suite}`);
      const found = await fromSuite({ os, mirror, suite, work, signal });
      if (typeof found === 'string') reasons.push(`${suite}: ${found}`);
      else if (!best || compareVersions(found.version, best.version) > 0) best = await keep(found, binDir);
      if (best && compareVersions(best.version, NATS_FLOOR) >= 0) return best;
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return best ?? reasons.join('; ');
}

/** The address of the mirror that apt itself uses for this system, also where no list has been downloaded yet. */
async function findMirror({ codename }: OsRelease, signal?: AbortSignal): Promise<string | undefined> {
  const { output } = await runCommand('apt-get', ['--print-uris', 'update'], { env: aptEnvironment(), signal });
  const releases = [...output.matchAll(/^'(\S+)\/dists\/(\S+)\/InRelease'/gm)];
  return (releases.find(([, , suite]) => suite === codename) ?? releases[0])?.[1];
}

interface SuiteChoice {
  os: OsRelease;
  mirror: string;
  suite: string;
  work: string;
  signal?: AbortSignal;
}

async function fromSuite(choice: SuiteChoice): Promise<NatsBinary | string> {
  const { work, signal } = choice;
  const config = await writeAptConfig(choice);
  const options: CommandOptions = { cwd: work, env: aptEnvironment(), signal };
  const update = await runCommand('apt-get', ['-c', config, '-q', 'update'], options);
  if (update.code !== 0) return lastLine(update.output);
  const download = await runCommand('apt-get', ['-c', config, '-q', 'download', 'nats-server'], options);
  if (download.code !== 0) return lastLine(download.output);
  const deb = (await readdir(work)).find((name) => name.endsWith('.deb'));
  if (!deb) return 'apt-get downloaded nothing';
  const unpack = await runCommand('dpkg-deb', ['-x', deb, 'unpacked'], options);
  if (unpack.code !== 0) return lastLine(unpack.output);
  return inspect(join(work, 'unpacked', 'usr', 'sbin', 'nats-server'));
}

async function inspect(path: string): Promise<NatsBinary | string> {
  const version = await versionOf(path);
  if (!version) return 'its binary does not run on this system';
  return compareVersions(version, NATS_LOWEST) < 0 ? `has only ${version}` : { path, version };
}

/** The version a nats-server binary reports, or undefined if it cannot be run. */
export async function versionOf(path: string): Promise<string | undefined> {
  const { code, output } = await runCommand(path, ['--version']);
  return code === 0 ? versionIn(output) : undefined;
}

async function keep(found: NatsBinary, binDir: string): Promise<NatsBinary> {
  const path = join(binDir, 'nats-server');
  await copyFile(found.path, path);
  await chmod(path, 0o755);
  return { path, version: found.version };
}

async function writeAptConfig({ os, mirror, suite, work }: SuiteChoice): Promise<string> {
  const { components, keyring } = SUITES[os.family as keyof typeof SUITES];
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'lists', 'partial'), { recursive: true });
  await mkdir(join(work, 'cache', 'archives', 'partial'), { recursive: true });
  const signedBy = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  await writeFile(join(work, 'sources.list'), `deb ${signedBy}${mirror} ${suite} ${components}\n`);
  const config = join(work, 'apt.conf');
  await writeFile(config, aptConfig(work));
  return config;
}

/** Given with `-c` it is read last, so it wins over the system's files but keeps their proxy settings. */
function aptConfig(work: string): string {
  return `Dir::Etc::sourcelist "${work}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "${work}/lists";
Dir::Cache "${work}/cache";
Acquire::Languages "none";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`;
}

function aptEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? 'no output';
}
