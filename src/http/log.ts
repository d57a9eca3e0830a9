import type { FastifyInstance, FastifyRequest } from 'fastify';
import { errorTrace, type Problem } from '../kernel/index.ts';

/**
 * Logs one line for each response. The line contains the route's pattern and never the requested
 * URL, which may contain ids, codes, secrets and search values. Headers and bodies are never
 * logged.
 */
export function logResponses(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    // The same line as from `request.log`, which would have to be created for it.
    app.log.info({
      reqId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
    done();
  });
}

/**
 * Logs an error with status 500 or higher, including a stack trace of its cause. Does nothing for
 * client errors, because they concern only the client.
 */
export function logServerError(request: FastifyRequest, problem: Problem): void {
  if (problem.status < 500) return;
  request.log.error({ problem: problem.code, detail: problem.detail, trace: errorTrace(problem.cause) });
}
