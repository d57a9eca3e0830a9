import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemCode, problemOf } from '../kernel/index.ts';
import { logFault } from './log.ts';

const OAUTH_CODES: ReadonlySet<ProblemCode> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
]);

/** RFC 6749 §5.2, with the request's id beside what the specification names. */
export function renderOAuthError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  logFault(request, problem);
  if (problem.status === 401) reply.header('www-authenticate', 'Basic realm="Patient Access"');
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .send({
      error: OAUTH_CODES.has(problem.code) ? problem.code : standardCode(problem),
      error_description: problem.message.replaceAll(/["\\]/g, "'").replaceAll('’', "'"),
      request_id: request.id,
    });
}

function standardCode(problem: Problem): string {
  if (problem.status === 503) return 'temporarily_unavailable';
  return problem.status >= 500 ? 'server_error' : 'invalid_request';
}

export function oauthNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = 'There is no such endpoint here, or not for this method. Token and revocation are asked by POST.';
  // Outside the scope of the endpoints, and read by apps in a browser all the same.
  reply.header('access-control-allow-origin', '*');
  return renderOAuthError(new Problem('not-found', { status: 404, message }), request, reply);
}
