import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A request as `fetch` takes it. */
export interface Sent {
  readonly url: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Measured {
  readonly statuses: Readonly<Record<string, number>>;
  readonly count: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** So many clients send these requests in turn, on a thread of their own, each when its last was answered. */
export async function clientsSend(requests: readonly Sent[], clients: number, seconds: number): Promise<Measured> {
  const worker = new Worker(new URL('clients.mjs', import.meta.url), { workerData: { requests, clients, seconds } });
  const [measured] = await once(worker, 'message');
  await worker.terminate();
  return measured as Measured;
}
