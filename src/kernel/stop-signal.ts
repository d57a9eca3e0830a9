/**
 * Returns a signal that aborts when the process is asked to stop. After this call SIGINT, SIGTERM and
 * SIGHUP no longer end the process by themselves. SIGHUP is included because a closed terminal must
 * not leave the database running without its server.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}
