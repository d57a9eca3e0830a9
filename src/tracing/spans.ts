import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  createContextKey,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import type { RequestSpan, RequestTracer, SentResponse } from '../http/index.ts';
import { type JobTracer, nameError as nameJobError } from '../jobs/index.ts';

/** Makes the spans of requests and jobs, and those of the work inside them. */
export interface Spans extends RequestTracer, JobTracer {
  /**
   * Runs work in a span of its own. Work outside of requests and jobs, such as that of a start, has no span. Neither has
   * work whose trace isn't recorded, nor what exceeds the limit of a job.
   */
  measure<Result>(child: ChildSpan, work: () => Promise<Result>): Promise<Result>;
}

export interface ChildSpan {
  readonly name: string;
  readonly kind: SpanKind;
  /** Attributes when the span begins. */
  attributes(): Readonly<Record<string, string | number>>;
}

/** Most spans inside one run of a job. Some jobs run statements for each of many thousand rows. */
const MAX_SPANS_OF_JOB = 100;
const LIMIT = createContextKey('limit of a job');

/** How many spans a job may still have, and how many it lacks. */
interface JobLimit {
  left: number;
  omitted: number;
}

/**
 * Creates the maker of spans. A span has what the log may have: patterns of routes, names of statements, codes and
 * numbers. It never has a URL, parameter, message, header, address or name.
 */
export function createSpans(tracer: Tracer): Spans {
  /** The span in which the present work takes place. */
  const current = new AsyncLocalStorage<Context>();
  return {
    begin({ id, traceparent }) {
      const parent = current.getStore() ?? readTraceparent(traceparent);
      const kind = current.getStore() === undefined ? SpanKind.SERVER : SpanKind.INTERNAL;
      const span = tracer.startSpan('request', { kind, attributes: { 'patient_access.request_id': id } }, parent);
      const inside = trace.setSpan(parent, span);
      return {
        traceId: span.spanContext().traceId,
        run: (work) => current.run(inside, work),
        end: (response) => endRequest(span, response),
      } satisfies RequestSpan;
    },
    async runJob({ queue, task }, work) {
      const attributes = {
        'patient_access.queue': queue,
        ...(task === undefined ? {} : { 'patient_access.task': task }),
      };
      const span = tracer.startSpan(`job ${task ?? queue}`, { kind: SpanKind.INTERNAL, attributes }, ROOT_CONTEXT);
      const limit: JobLimit = { left: MAX_SPANS_OF_JOB, omitted: 0 };
      try {
        return await current.run(trace.setSpan(ROOT_CONTEXT.setValue(LIMIT, limit), span), work);
      } catch (error) {
        fail(span, nameJobError(error));
        throw error;
      } finally {
        if (limit.omitted > 0) span.setAttribute('patient_access.omitted_spans', limit.omitted);
        span.end();
      }
    },
    async measure({ name, kind, attributes }, work) {
      const parent = current.getStore();
      if (parent === undefined || trace.getSpan(parent)?.isRecording() !== true || !mayHaveSpan(parent)) return work();
      const span = tracer.startSpan(name, { kind, attributes: attributes() }, parent);
      try {
        return await current.run(trace.setSpan(parent, span), work);
      } catch (error) {
        fail(span, nameError(error));
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

/** Counts a span of a job. @returns false if the job has too many already. Requests have no such limit */
function mayHaveSpan(parent: Context): boolean {
  const limit = parent.getValue(LIMIT) as JobLimit | undefined;
  if (limit === undefined) return true;
  const isAllowed = limit.left > 0;
  if (isAllowed) limit.left -= 1;
  else limit.omitted += 1;
  return isAllowed;
}

/** Returns the context of a remote span, if the header is valid. */
function readTraceparent(header: string | undefined): Context {
  const parent = header === undefined ? null : parseTraceParent(header);
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
}

/** https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
function endRequest(span: Span, { method, surface, route, status, problem }: SentResponse): void {
  span.updateName(route === 'none' ? method : `${method} ${route}`);
  span.setAttributes({
    'http.request.method': method === 'other' ? '_OTHER' : method,
    'http.response.status_code': status,
    'patient_access.surface': surface,
    ...(route === 'none' ? {} : { 'http.route': route }),
    ...(problem === undefined ? {} : { 'patient_access.problem': problem }),
  });
  if (status >= 500) fail(span, problem ?? String(status));
  span.end();
}

function fail(span: Span, error: string): void {
  span.setAttribute('error.type', error);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Code of an error, such as an SQLSTATE. Messages are left out: those of PostgreSQL quote values. */
function nameError(error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code);
  return /^[\w-]{1,40}$/.test(code) && code !== 'undefined' ? code : 'error';
}
