import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Arguments of `fetch` for one request. */
export interface LoadRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LoadResult {
  readonly statuses: Readonly<Record<string, number>>;
  readonly count: number;
  /** Median response time in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Sends requests from a number of simulated clients in a worker thread. Each client sends its next request when it has
 * a response.
 */
export async function runLoadClients(
  requests: readonly LoadRequest[],
  clients: number,
  seconds: number,
): Promise<LoadResult> {
  const worker = new Worker(new URL('load-clients.mjs', import.meta.url), {
    workerData: { requests, clients, seconds },
  });
  const [measured] = await once(worker, 'message');
  await worker.terminate();
  return measured as LoadResult;
}
