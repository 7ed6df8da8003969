const STOPPING: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Aborts at the first Ctrl-C, SIGTERM or closed terminal. Later ones are ignored: npm passes the same Ctrl-C on again,
 * and a second one must not cut short the stopping that the first began.
 */
export function onStopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of STOPPING) process.on(signal, () => controller.abort(new Error(`stopped by ${signal}`)));
  return controller.signal;
}
