import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemOf } from '../kernel/index.ts';
import { problemPage } from '../pages/index.ts';
import { logFault } from './log.ts';

export function renderPageError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  logFault(request, problem);
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(problemPage(problem, request.id));
}

export function pageNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = 'No page of this server has that address. Check it, or begin at the home page.';
  return renderPageError(new Problem('not-found', { status: 404, message }), request, reply);
}
