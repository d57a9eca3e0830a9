/**
 * Returns a signal that aborts when the process gets SIGINT, SIGTERM or SIGHUP. After this call, these signals don't
 * end the process by themselves. SIGHUP is included, because closing the terminal must not leave the database running
 * without its server.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}
