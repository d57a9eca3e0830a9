import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemOf, traceOf } from '../../kernel/index.ts';
import { operationOutcome } from '../core/outcome.ts';
import type { FhirVersion } from '../core/version.ts';
import { challengesOf } from './bearer.ts';
import { sendWritten, written } from './written.ts';

/** Every error of this scope, the framework's own included, as an OperationOutcome of the version. */
/** @param always headers of all answers of the API: an error may come up before anything of its scope is run */
export function errorRenderer(
  version: FhirVersion,
  dpopAlgs: readonly string[] = [],
  always: Readonly<Record<string, string>> = {},
) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = refusalOf(error, request);
    if (problem.status >= 500) request.log.error({ problem: problem.code, trace: traceOf(problem.cause) });
    const challenges = challengesOf(problem, request, dpopAlgs);
    if (challenges.length > 0) reply.header('www-authenticate', challenges.length === 1 ? challenges[0] : challenges);
    if (problem.code === 'method-not-allowed' && !reply.hasHeader('allow')) reply.header('allow', 'GET, HEAD');
    if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
    reply.code(problem.status).headers(always).header('cache-control', 'no-store');
    return sendWritten(reply, written(request, version, { body: operationOutcome(problem, request.id) }));
  };
}

/** What is no route of this API. */
export function refuseUnknown(request: FastifyRequest): Problem {
  if (request.method !== 'GET' && request.method !== 'HEAD') return readOnly();
  return new Problem('not-found', {
    status: 404,
    message:
      'There is nothing at this address. This API has /metadata, /{type}, /{type}/_search, /{type}/{id}, the operations that /metadata names, and the documents that resources point to.',
  });
}

const readOnly = () =>
  new Problem('method-not-allowed', {
    status: 405,
    message: 'This API is for reading: GET and HEAD are all it takes.',
  });

function refusalOf(error: unknown, request: FastifyRequest): Problem {
  const problem = problemOf(error);
  // The framework reads a body before it finds out that nothing takes one.
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return problem.status < 500 && !reads && request.is404 && !(error instanceof Problem) ? readOnly() : problem;
}
