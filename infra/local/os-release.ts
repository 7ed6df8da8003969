import { existsSync, readFileSync } from 'node:fs';

/** The family decides which package manager and which suites there are; the codename which of its lines are the system's own. */
export interface OsRelease {
  family: 'debian' | 'ubuntu' | 'other';
  codename: string;
}

export function readOsRelease(file = '/etc/os-release'): OsRelease {
  return existsSync(file) ? parseOsRelease(readFileSync(file, 'utf8')) : { family: 'other', codename: '' };
}

export function parseOsRelease(text: string): OsRelease {
  const fields = new Map(
    text.split('\n').flatMap((line) => {
      const [, key, value] = line.match(/^([A-Z_]+)="?([^"]*)"?$/) ?? [];
      return key ? [[key, value ?? ''] as const] : [];
    }),
  );
  const ids = `${fields.get('ID') ?? ''} ${fields.get('ID_LIKE') ?? ''}`.split(' ');
  const family = ids.includes('ubuntu') ? 'ubuntu' : ids.includes('debian') ? 'debian' : 'other';
  // A derived system names its own release first and the one it is built on beside it.
  const codename =
    fields.get('UBUNTU_CODENAME') ?? fields.get('DEBIAN_CODENAME') ?? fields.get('VERSION_CODENAME') ?? '';
  return { family, codename };
}
