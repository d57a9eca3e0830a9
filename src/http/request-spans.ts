import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SentResponse } from './sent-response.ts';
import type { ReceivedRequest, TrustedProxies } from './trusted-proxies.ts';

/** Makes a span of each request (OpenTelemetry). */
export interface RequestTracer {
  /**
   * Begins the span of a request. It belongs to the trace of the span in which this function is called, such as the
   * request with a batch; otherwise to that of `traceparent`, which a trusted proxy sent; otherwise to a new one.
   */
  begin(request: { readonly id: string; readonly traceparent: string | undefined }): RequestSpan;
}

export interface RequestSpan {
  readonly traceId: string;
  /** Runs work whose own spans belong to this one. */
  run<Result>(work: () => Result): Result;
  end(response: SentResponse): void;
}

const spans = new WeakMap<FastifyRequest, RequestSpan>();

/** Returns the span of a request; undefined if the server makes none, or none for this route. */
export const findRequestSpan = (request: FastifyRequest): RequestSpan | undefined => spans.get(request);

/** Makes a span of each request, except of those that come all the time, such as health checks. */
export function traceRequests(app: FastifyInstance, tracer: RequestTracer, proxies: TrustedProxies): void {
  app.addHook('onRequest', (request, _reply, done) => {
    // The log leaves out the same routes.
    if (request.routeOptions.logLevel === 'warn') return done();
    const span = tracer.begin({ id: request.id, traceparent: findTraceparent(request.raw, proxies) });
    spans.set(request, span);
    span.run(done);
  });
  // The body has arrived in events of the connection, which run outside of the request's span.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else span.run(done);
  });
}

/**
 * Returns the trace that a trusted proxy began (https://www.w3.org/TR/trace-context/). Other clients can't choose ids in
 * the operator's traces.
 */
function findTraceparent(request: ReceivedRequest, proxies: TrustedProxies): string | undefined {
  const { traceparent } = request.headers;
  return typeof traceparent === 'string' && proxies.sent(request) ? traceparent : undefined;
}
