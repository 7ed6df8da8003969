import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** Every port of the embedded stack. All on 127.0.0.1; each can be moved by its variable, and 0 takes a free one. */
export const PORTS = {
  gateway: 7070,
  console: 7071,
  credentials: 7072,
  catalog: 7073,
  agents: 7074,
  calls: 7075,
  runner: 7076,
  workflows: 7077,
  observability: 7078,
  postgres: 7432,
  nats: 7422,
};

const LOOPBACK = '127.0.0.1';
const HIGHEST_PORT = 65_535;
const LOWEST_FREE_PORT = 20_000;
/** Of Linux; other systems begin higher. */
const LOWEST_OUTGOING_PORT = 32_768;

export function portVariable(name: string): string {
  return `${name.toUpperCase()}_PORT`;
}

/**
 * The port of each name, proven to be free. Complains about all taken ports at once, before anything has started.
 *
 * @param names what needs a port; the default comes from PORTS, 0 for a name that is not there
 */
export async function choosePorts(names: string[], env: NodeJS.ProcessEnv): Promise<Record<string, number>> {
  const wanted = names.map((name) => ({ name, port: wantedPort(name, env) }));
  const held: Record<string, Server> = {};
  const taken: string[] = [];
  try {
    // All are held until the last is found, so that two names never get the same free port.
    for (const { name, port } of wanted) {
      const server = port === 0 ? await holdFreePort() : await holdPort(port);
      if (server) held[name] = server;
      else taken.push(takenText(name, port));
    }
    if (taken.length > 0) throw new Error(taken.join('\n'));
    return Object.fromEntries(
      Object.entries(held).map(([name, server]) => [name, (server.address() as AddressInfo).port]),
    );
  } finally {
    await Promise.all(Object.values(held).map((server) => new Promise((closed) => server.close(closed))));
  }
}

export async function freePort(): Promise<number> {
  return (await choosePorts(['any'], {})).any!;
}

function wantedPort(name: string, env: NodeJS.ProcessEnv): number {
  const text = env[portVariable(name)];
  if (text === undefined || text === '') return PORTS[name as keyof typeof PORTS] ?? 0;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT) return port;
  throw new Error(`${portVariable(name)} is "${text}"; it must be a port number from 0 to ${HIGHEST_PORT}.`);
}

function takenText(name: string, port: number): string {
  const variable = portVariable(name);
  return `Port ${port} for ${name} is taken by another program. Stop that program, or choose another port with ${variable}: ${variable}=0 takes a free one.`;
}

/**
 * The system's own choice of a free port may be given to an outgoing connection before the service listens on it, so it
 * is taken from below the range of those.
 */
async function holdFreePort(): Promise<Server> {
  for (;;) {
    const server = await holdPort(randomInt(LOWEST_FREE_PORT, LOWEST_OUTGOING_PORT));
    if (server) return server;
  }
}

function holdPort(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(new Error(`Port ${port} cannot be opened on ${LOOPBACK}: ${error.message}`, { cause: error }));
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => resolve(server));
  });
}
