import cluster from 'node:cluster';
import { on } from 'node:events';
import type { OpenedDatabase } from './start-database.ts';
import type { StopRequest } from './stop-request.ts';

/** Number and database of a worker. The parent process sends it when the worker starts. */
export interface WorkerAssignment extends Pick<OpenedDatabase, 'connection' | 'owner' | 'dataDir'> {
  /** 1 for the first worker. A worker that replaces a dead one gets its number. */
  readonly number: number;
}

/**
 * Receives what the parent process tells this worker. It comes as a message, because other users of the machine may be
 * able to read the environment of a process, and the connection has a password.
 */
export async function receiveAssignment(): Promise<WorkerAssignment> {
  for await (const [message] of on(process, 'message')) if (isAssignment(message)) return message;
  throw new Error('the parent process sent no assignment');
}

/** The parent process sends this when the server stops after an error. If it was asked to stop, it sends a signal. */
export interface StopMessage {
  readonly stopWith: number;
}

/** Lets the parent process stop this worker after an error. @returns a function that ends that */
export function receiveStop(stop: StopRequest): () => void {
  const receive = (message: unknown): void => {
    if (typeof message === 'object' && message !== null && 'stopWith' in message)
      stop.request(Number(message.stopWith));
  };
  process.on('message', receive);
  return () => void process.off('message', receive);
}

/** Whether a message is an assignment. The parent process also sends requests for metrics. */
const isAssignment = (message: unknown): message is WorkerAssignment =>
  typeof message === 'object' && message !== null && 'connection' in message;

/** Closes the channel to the parent process, which would otherwise keep this worker alive. */
export const disconnectWorker = (): void => void cluster.worker?.disconnect();
