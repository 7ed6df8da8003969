import { connect } from 'node:net';

export const NATS_FLOOR = '2.12.7';
/** Below this the broker silently ignores stream settings that the services rely on. */
export const NATS_LOWEST = '2.10.0';

const INFO_TIMEOUT_MS = 3_000;

/** Negative when `a` is older than `b`, positive when newer. A suffix such as `-beta` or `+ds1` does not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return (version.match(/^v?(\d+(?:\.\d+)*)/)?.[1] ?? '').split('.').map(Number);
}

/** The version in the output of `nats-server --version` (`nats-server: v2.15.1`). */
export function versionIn(text: string): string | undefined {
  return text.match(/\d+\.\d+\.\d+/)?.[0];
}

/**
 * @returns a warning for a version that runs but is below our floor
 * @throws when the version is too old to run
 */
export function checkNatsVersion(version: string): string | undefined {
  if (compareVersions(version, NATS_LOWEST) < 0) {
    throw new Error(
      `nats-server ${version} is too old: it silently ignores stream settings that Patchbay needs. Use ${NATS_FLOOR} or later.`,
    );
  }
  if (compareVersions(version, NATS_FLOOR) >= 0) return undefined;
  return `nats-server ${version} is below ${NATS_FLOOR} and lacks security fixes. It will do on a laptop, not in production.`;
}

/** What a server says of itself before anybody logs in: the first line of the protocol, `INFO {...}`. */
export interface NatsInfo {
  version: string;
  jetstream?: boolean;
  max_payload: number;
}

export function readNatsInfo(host: string, port: number): Promise<NatsInfo> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let text = '';
    socket.setTimeout(INFO_TIMEOUT_MS, () => socket.destroy(new Error('no greeting in time')));
    socket.on('error', (error) =>
      reject(new Error(`No NATS server answers at ${host}:${port}: ${error.message}`, { cause: error })),
    );
    socket.on('close', () => reject(new Error(`What answers at ${host}:${port} is not a NATS server.`)));
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (!text.includes('\r\n')) return;
      const line = text.slice(0, text.indexOf('\r\n'));
      if (line.startsWith('INFO ')) resolve(JSON.parse(line.slice('INFO '.length)) as NatsInfo);
      socket.destroy();
    });
  });
}
