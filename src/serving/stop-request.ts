export interface StopRequest {
  /** Resolves with the exit code when the server is asked to stop. */
  readonly exitCode: Promise<number>;
  isRequested(): boolean;
  request(exitCode: number): void;
}

/** Creates a request to stop, which a signal or the server itself can make. The first one decides the exit code. */
export function toStopRequest(signal: AbortSignal): StopRequest {
  const { promise, resolve } = Promise.withResolvers<number>();
  let isRequested = false;
  const now = (code: number): void => {
    isRequested = true;
    resolve(code);
  };
  if (signal.aborted) now(0);
  signal.addEventListener('abort', () => now(0), { once: true });
  return { exitCode: promise, isRequested: () => isRequested, request: now };
}
