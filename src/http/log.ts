import type { FastifyInstance, FastifyRequest } from 'fastify';
import { errorTrace, findNotedProblem, noteProblem, type Problem, type ProblemCode } from '../kernel/index.ts';

/** A response that has been sent, for metrics. It contains nothing that a client has written. */
export interface SentResponse {
  readonly method: string;
  /** Pattern of the route; undefined if no route matched. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
  /** Code of the error; undefined if there was none. */
  readonly problem: ProblemCode | undefined;
}

/**
 * Logs one line for each response. The line contains the route's pattern and never the requested
 * URL, which may contain ids, codes, secrets and search values. Headers and bodies are never
 * logged.
 * @param observe called for each response, for metrics
 */
export function logResponses(app: FastifyInstance, observe?: (response: SentResponse) => void): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const { url: route, logLevel } = request.routeOptions;
    const { statusCode: status, elapsedTime: milliseconds } = reply;
    // The same line as from `request.log`, which would have to be created for it. Routes that are requested all the time,
    // such as health checks, have a higher log level.
    if (logLevel !== 'warn')
      app.log.info({ reqId: request.id, method, route: route ?? 'none', status, ms: Math.round(milliseconds) });
    if (observe !== undefined) {
      const problem = status >= 400 ? findNotedProblem(request) : undefined;
      observe({ method, route, status, seconds: milliseconds / 1000, problem });
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
