import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Problem, traceOf } from '../kernel/index.ts';

/**
 * One line for each answer: the route's pattern, never the address that was asked for; that holds ids, codes, secrets and
 * search values. No header and no body is ever logged.
 */
export function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
}

/** A fault of ours is logged with where it came from; a refusal is the business of whoever was refused. */
export function logFault(request: FastifyRequest, problem: Problem): void {
  if (problem.status < 500) return;
  request.log.error({ problem: problem.code, detail: problem.detail, trace: traceOf(problem.cause) });
}
