import type { Worker } from 'node:cluster';
import { minutes, seconds } from '../kernel/index.ts';

/** Milliseconds between two heartbeats of a worker, and between two checks of the parent process. */
const INTERVAL = seconds(5);
/** Milliseconds without a heartbeat after which a worker counts as stuck. No work blocks a worker for so long. */
const LIMIT = minutes(1);

/** Tells the parent process regularly that the event loop of this worker turns. @returns a function that stops it */
export function sendHeartbeats(): () => void {
  const send = (): void => {
    // The parent process may have ended meanwhile. Without a callback, that error would end this process too.
    if (process.connected) process.send?.({ heartbeat: true }, () => {});
  };
  send();
  const timer = setInterval(send, INTERVAL).unref();
  return () => clearInterval(timer);
}

/**
 * Watches a worker until it ends.
 * @param onStuck called if the worker has sent no heartbeat for a minute
 */
export function watchHeartbeats(worker: Worker, onStuck: () => void): void {
  let heardAt = performance.now();
  let checkedAt = heardAt;
  worker.on('message', (message: unknown) => {
    if (typeof message === 'object' && message !== null && 'heartbeat' in message) heardAt = performance.now();
  });
  const check = (): void => {
    const now = performance.now();
    // A check that is late shows that this process was suspended too, for example with the whole container.
    if (now - checkedAt > 2 * INTERVAL) heardAt = now;
    checkedAt = now;
    if (now - heardAt > LIMIT) onStuck();
  };
  const timer = setInterval(check, INTERVAL).unref();
  worker.once('exit', () => clearInterval(timer));
}
