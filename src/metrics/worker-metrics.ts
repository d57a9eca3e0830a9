import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from 'prom-client';
import { seconds } from '../kernel/index.ts';
import type { MetricsText } from './serve-metrics.ts';

type MetricValues = readonly MetricObjectWithValues<MetricValue<string>>[];

/** The parent process sends this to a worker. */
interface MetricsRequest {
  readonly metricsRequest: true;
}
/** `metrics` is null if the worker couldn't read them. */
interface MetricsReply {
  readonly metrics: MetricValues | null;
}

/** Milliseconds to wait for a worker. One that has just started doesn't reply yet. Prometheus waits 10 seconds. */
const REPLY_TIMEOUT = seconds(5);

/** Sends the metrics of this worker to the parent process whenever that asks. @returns a function that stops it */
export function shareMetrics({ values }: { values(): Promise<MetricValues> }): () => void {
  const reply = async (message: unknown): Promise<void> => {
    if (!has(message, 'metricsRequest')) return;
    const metrics = await values().catch(() => null);
    // The parent process may have ended meanwhile. Without a callback, that error would end this process too.
    if (process.connected) process.send?.({ metrics } satisfies MetricsReply, () => {});
  };
  process.on('message', reply);
  return () => void process.off('message', reply);
}

/**
 * Returns the metrics of all workers together. A worker that doesn't reply in time contributes the counts of its last
 * reply, and so does one that has ended: counts must never fall, because Prometheus takes a fall for a restart from zero
 * and adds the whole remaining count to its rates. States of those workers, such as memory, are left out.
 */
export function collectWorkerMetrics(): MetricsText {
  /** Last reply of each worker, by the worker's id. */
  const latest = new Map<number, MetricValues>();
  /** Counts of all workers that have ended. */
  let ended: MetricValues = [];
  let running: Promise<string> | undefined;

  async function collect(): Promise<string> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const replies = await Promise.all(workers.map(requestMetrics));
    const ids = workers.map(({ id }) => id);
    for (const [i, reply] of replies.entries()) if (reply !== undefined) latest.set(ids[i] ?? 0, reply);
    for (const [id, metrics] of latest) {
      if (ids.includes(id)) continue;
      latest.delete(id);
      ended = await combine([ended, countsOf(metrics)]).getMetricsAsJSON();
    }
    const given = replies.map((reply, i) => reply ?? countsOf(latest.get(ids[i] ?? 0) ?? []));
    return combine([...given, ended]).metrics();
  }

  return {
    contentType: AggregatorRegistry.PROMETHEUS_CONTENT_TYPE,
    // Scrapes at the same time share one collection, so that they don't send a worker that is stuck more and more requests.
    text() {
      running ??= collect().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

const combine = (all: readonly MetricValues[]) =>
  AggregatorRegistry.aggregate(all.map((metrics) => metrics.map(withOwnAggregator)));

/**
 * prom-client takes the mean of the event loop delays of all processes. The delay of one worker that is stuck would
 * disappear in it, so the longest one counts.
 */
const withOwnAggregator = (metric: MetricValues[number]): MetricValues[number] =>
  metric.name.startsWith('nodejs_eventloop_lag_') && !metric.name.includes('_min_')
    ? { ...metric, aggregator: 'max' }
    : metric;

/** The metrics that only grow: counters and histograms. */
const countsOf = (metrics: MetricValues): MetricValues =>
  metrics.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));

/** @returns undefined if the worker doesn't reply in time, or ends */
function requestMetrics(worker: Worker): Promise<MetricValues | undefined> {
  const { promise, resolve } = Promise.withResolvers<MetricValues | undefined>();
  const giveUp = (): void => resolve(undefined);
  const receive = (message: unknown): void => {
    if (has(message, 'metrics')) resolve((message as MetricsReply).metrics ?? undefined);
  };
  const timer = setTimeout(giveUp, REPLY_TIMEOUT);
  worker.on('message', receive).once('disconnect', giveUp);
  worker.send({ metricsRequest: true } satisfies MetricsRequest, (error) => {
    if (error !== null) giveUp();
  });
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('message', receive).off('disconnect', giveUp);
  });
}

const has = (message: unknown, member: string): boolean =>
  typeof message === 'object' && message !== null && member in message;
