import type { FastifyInstance, FastifyRequest } from 'fastify';
import { errorTrace, findNotedProblem, noteProblem, type Problem } from '../kernel/index.ts';
import { findRequestSpan } from './request-spans.ts';
import type { SentResponse } from './sent-response.ts';
import { nameMethod, type RouteNames } from './surfaces.ts';

/**
 * Logs one line for each response. The line contains the route's pattern and never the requested
 * URL, which may contain ids, codes, secrets and search values. Headers and bodies are never
 * logged. With traces, the line has the id of the request's trace.
 * @param observe called for each response that is logged, for metrics
 */
export function logResponses(
  app: FastifyInstance,
  nameRoute: (route: string | undefined) => RouteNames,
  observe?: (response: SentResponse) => void,
): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const { url: route, logLevel } = request.routeOptions;
    // Routes that monitors request all the time have a higher log level: health checks, and the metrics themselves. In the
    // metrics, they would hide what people and apps get.
    if (logLevel === 'warn') return done();
    const { statusCode: status, elapsedTime: milliseconds } = reply;
    const span = findRequestSpan(request);
    const line = { reqId: request.id, method, route: route ?? 'none', status, ms: Math.round(milliseconds) };
    // The same line as from `request.log`, which would have to be created for it.
    app.log.info(span === undefined ? line : { ...line, traceId: span.traceId });
    if (observe !== undefined || span !== undefined) {
      const problem = status >= 400 ? findNotedProblem(request) : undefined;
      const names = nameRoute(route);
      const response = { method: nameMethod(method), ...names, status, seconds: milliseconds / 1000, problem };
      observe?.(response);
      span?.end(response);
    }
    done();
  });
}

/**
 * Notes an error for the metrics. Logs it if its status is 500 or higher, including a stack trace of its cause. Client
 * errors aren't logged, because they concern only the client.
 */
export function logServerError(request: FastifyRequest, problem: Problem): void {
  noteProblem(request, problem.code);
  if (problem.status < 500) return;
  request.log.error({ problem: problem.code, detail: problem.detail, trace: errorTrace(problem.cause) });
}
