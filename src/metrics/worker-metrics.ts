import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from 'prom-client';
import { seconds } from '../kernel/index.ts';
import type { MetricsText } from './serve-metrics.ts';

type MetricValues = readonly MetricObjectWithValues<MetricValue<string>>[];

/** The parent process sends this to a worker. */
interface MetricsRequest {
  readonly metricsRequest: number;
}
interface MetricsReply extends MetricsRequest {
  readonly metrics: MetricValues;
}

/** Milliseconds to wait for a worker. One that has just started doesn't reply yet. Prometheus waits 10 seconds. */
const REPLY_TIMEOUT = seconds(5);

/** Sends the metrics of this worker to the parent process whenever that asks. @returns a function that stops it */
export function shareMetrics({ values }: { values(): Promise<MetricValues> }): () => void {
  const reply = async (message: unknown): Promise<void> => {
    if (!isNumbered(message)) return;
    const { metricsRequest } = message;
    const metrics = await values();
    // The parent process may have ended meanwhile. Without a callback, that error would end this process too.
    if (process.connected) process.send?.({ metricsRequest, metrics } satisfies MetricsReply, () => {});
  };
  process.on('message', reply);
  return () => void process.off('message', reply);
}

/** Returns the metrics of all workers together. Those of a worker that doesn't reply are left out. */
export function collectWorkerMetrics(): MetricsText {
  let requests = 0;
  return {
    contentType: AggregatorRegistry.PROMETHEUS_CONTENT_TYPE,
    async text() {
      requests += 1;
      const number = requests;
      const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
      const replies = await Promise.all(workers.map((worker) => requestMetrics(worker, number)));
      const given = replies.filter((metrics) => metrics !== undefined);
      return AggregatorRegistry.aggregate(given as MetricObjectWithValues<MetricValue<string>>[][]).metrics();
    },
  };
}

function requestMetrics(worker: Worker, number: number): Promise<MetricValues | undefined> {
  const { promise, resolve } = Promise.withResolvers<MetricValues | undefined>();
  const giveUp = (): void => resolve(undefined);
  const receive = (message: unknown): void => {
    if (isNumbered(message) && message.metricsRequest === number) resolve((message as MetricsReply).metrics);
  };
  const timer = setTimeout(giveUp, REPLY_TIMEOUT);
  worker.on('message', receive).once('disconnect', giveUp);
  worker.send({ metricsRequest: number } satisfies MetricsRequest, (error) => {
    if (error !== null) giveUp();
  });
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('message', receive).off('disconnect', giveUp);
  });
}

const isNumbered = (message: unknown): message is MetricsRequest =>
  typeof message === 'object' && message !== null && 'metricsRequest' in message;
