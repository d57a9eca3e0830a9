/**
 * Aborts when the process is asked to stop, which from the call on no longer ends it by itself. SIGHUP counts too: a closed
 * terminal must not leave the database running without its server.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}
