import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracingSettings } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { RequestTracer } from '../http/index.ts';
import type { JobTracer } from '../jobs/index.ts';
import { type Random, seconds } from '../kernel/index.ts';
import { createSpans } from './spans.ts';
import { traceDatabase } from './trace-database.ts';

/** Makes spans of requests and jobs, and of their statements, and sends them to a collector. */
export interface Tracing {
  readonly requests: RequestTracer;
  readonly jobs: JobTracer;
  /** Returns the same database, whose statements in requests and jobs have spans. */
  traceDatabase(db: Database): Database;
  /** Sends the spans that aren't sent yet, for two seconds at most. There are no spans after that. */
  stop(): Promise<void>;
}

export interface TracingOptions {
  readonly settings: TracingSettings;
  readonly random: Random;
  /** Number of this worker if several processes share the port. */
  readonly worker: number | undefined;
  /** Called with a code when spans couldn't be sent, and with undefined when they were sent again. */
  readonly onChange: (error: string | undefined) => void;
}

/** Milliseconds in which an export must succeed, repetitions included. A server that stops waits no longer than that. */
const EXPORT_TIMEOUT = seconds(2);
/** Spans that wait to be sent. Further ones are dropped, so that a collector that doesn't respond costs no memory. */
const MAX_WAITING_SPANS = 4096;

/**
 * Sets up the SDK of OpenTelemetry without its global state, so that several servers in one process have traces of their
 * own. The SDK reads `OTEL_RESOURCE_ATTRIBUTES`, and the certificates and compression of the exporter, from the
 * environment by itself.
 */
export function createTracing({ settings, random, worker, onChange }: TracingOptions): Tracing {
  const { url, headers, serviceName } = settings;
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_TIMEOUT });
  const processor = new BatchSpanProcessor({
    exporter: reportChanges(exporter, onChange),
    maxQueueSize: MAX_WAITING_SPANS,
  });
  const instance = resourceFromAttributes({
    'service.name': serviceName,
    'service.instance.id': random.uuid(),
    'process.pid': process.pid,
    ...(worker === undefined ? {} : { 'patient_access.worker': worker }),
  });
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(instance),
    sampler: createSampler(settings),
    spanProcessors: [processor],
  });
  const spans = createSpans(provider.getTracer('patient-access'));
  return {
    requests: spans,
    jobs: spans,
    traceDatabase: (db) => traceDatabase(db, spans),
    stop: () => provider.shutdown().catch(() => {}),
  };
}

/** Calls back when exports begin to fail, and when they work again. The SDK itself is silent. */
function reportChanges(exporter: SpanExporter, onChange: TracingOptions['onChange']): SpanExporter {
  let reported: string | undefined;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const error = result.code === ExportResultCode.SUCCESS ? undefined : nameExportError(result.error);
        if (error !== reported) onChange(error);
        reported = error;
        done(result);
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

/** Code of a network error, or HTTP status of the collector. Its messages may quote what was sent. */
const nameExportError = (error: unknown): string =>
  String((error as { code?: unknown } | undefined)?.code ?? 'failed').slice(0, 40);

function createSampler({ sampler, ratio }: TracingSettings): Sampler {
  const name = sampler.replace(/^parentbased_/, '');
  const root =
    name === 'always_on'
      ? new AlwaysOnSampler()
      : name === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(ratio);
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
