import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorTrace, noteProblem, Problem, toProblem } from '../../kernel/index.ts';
import { operationOutcome } from '../http/operation-outcome.ts';
import type { FhirVersion } from '../model/fhir-version.ts';
import { authenticateChallenges } from './request/bearer.ts';
import { formatResponse, sendFormatted } from './response/send-response.ts';

/**
 * Returns the error handler of a FHIR API. It sends every error, including Fastify's own, as an OperationOutcome of the
 * FHIR version.
 * @param always headers of all responses of the API, because an error may occur before the hooks that set them
 */
export function createErrorHandler(
  version: FhirVersion,
  dpopAlgs: readonly string[] = [],
  always: Readonly<Record<string, string>> = {},
) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = toRequestProblem(error, request);
    noteProblem(request, problem.code);
    if (problem.status >= 500) request.log.error({ problem: problem.code, trace: errorTrace(problem.cause) });
    const challenges = authenticateChallenges(problem, request, dpopAlgs);
    if (challenges.length > 0) reply.header('www-authenticate', challenges.length === 1 ? challenges[0] : challenges);
    if (problem.code === 'method-not-allowed' && !reply.hasHeader('allow')) reply.header('allow', 'GET, HEAD');
    if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
    reply.code(problem.status).headers(always).header('cache-control', 'no-store');
    return sendFormatted(reply, formatResponse(request, version, { body: operationOutcome(problem, request.id) }));
  };
}

/** Returns the Problem for a URL or method that the API doesn't have. */
export function unknownRoute(request: FastifyRequest): Problem {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed(request);
  return new Problem('not-found', {
    status: 404,
    message:
      'Unknown address. /metadata lists types and operations. Other addresses are /{type}, /{type}/_search, /{type}/{id} and the documents that resources refer to.',
  });
}

const methodNotAllowed = ({ method }: FastifyRequest) =>
  new Problem('method-not-allowed', {
    status: 405,
    message: `This address does not accept ${method}. Search by POST at /{type}/_search. /metadata lists types and operations.`,
  });

function toRequestProblem(error: unknown, request: FastifyRequest): Problem {
  const problem = toProblem(error);
  // Fastify parses the body before it finds that there is no route. An error in the body is therefore replaced with the
  // error for the missing route.
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return problem.status < 500 && !reads && request.is404 && !(error instanceof Problem)
    ? methodNotAllowed(request)
    : problem;
}
