const STOPPING: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Aborts at the first Ctrl-C, SIGTERM or closed terminal. Later ones are ignored: npm passes the same Ctrl-C on again,
 * and a second one must not cut short the stopping that the first began.
 */
export function onStopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const signal of STOPPING) process.on(signal, stop);
  // A terminal that was closed takes no more output; that must not end us before everything is stopped.
  for (const output of [process.stdout, process.stderr]) output.on('error', stop);
  return controller.signal;
}
