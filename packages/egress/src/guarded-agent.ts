import { Agent, Client, type Dispatcher, Pool } from 'undici';
import { type ConnectionLog, SocketOpener, type SocketRules, newConnectionLog } from './socket-opener.ts';

export interface AgentRules extends SocketRules {
  connectionsPerAgent: number;
  keepAliveMs: number;
}

/** A handler that is told on which connection its request will go out. */
export interface ConnectionAwareHandler extends Dispatcher.DispatchHandler {
  onConnectionChosen(log: ConnectionLog): void;
}

// A provider's `keep-alive: timeout=` hint is followed up to this, so that it cannot hold sockets here for hours.
const MAX_KEEP_ALIVE_MS = 60_000;

/** One connection. undici does not tell a handler which socket it got; this does. */
class LoggedClient extends Client {
  constructor(
    origin: string | URL,
    options: Client.Options,
    private readonly log: ConnectionLog,
  ) {
    super(origin, options);
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    (handler as ConnectionAwareHandler).onConnectionChosen(this.log);
    return super.dispatch(options, handler);
  }
}

/** An undici agent (keep-alive, HTTP/1.1, no pipelining) whose every socket is opened under the address guard. */
export function createGuardedAgent(rules: AgentRules): Agent {
  const options: Client.Options = {
    pipelining: 1,
    // HTTP/2 would share one connection between requests: one reset would take all of them.
    allowH2: false,
    keepAliveTimeout: rules.keepAliveMs,
    keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
    // The attempt has its own timer: undici's are idle timers with a resolution of half a second.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  return new Agent({ ...options, factory: (origin) => createPool(origin, options, rules) });
}

function createPool(origin: string | URL, options: Client.Options, rules: AgentRules): Pool {
  const opener = new SocketOpener(rules);
  const factory = (clientOrigin: URL): Client => {
    const log = newConnectionLog();
    return new LoggedClient(
      clientOrigin,
      { ...options, connect: (target, callback) => opener.open(target, log, callback) },
      log,
    );
  };
  return new Pool(origin, { ...options, connections: rules.connectionsPerAgent, factory });
}
