export { createMetrics, type Metrics } from './create-metrics.ts';
export { createGauges } from './gauges.ts';
export { addMetricsRoute, listenForMetrics } from './serve-metrics.ts';
export { collectWorkerMetrics, shareMetrics } from './worker-metrics.ts';
