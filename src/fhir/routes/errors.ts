import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import type { FhirVersion } from '../core/version.ts';
import { challengeOf } from './bearer.ts';
import { mediaType } from './query.ts';

/** Every error of this scope, the framework's own included, as an OperationOutcome of the version. */
export function errorRenderer(version: FhirVersion) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = problemOf(error, request);
    if (problem.status >= 500) request.log.error({ problem: problem.code, fault: faultOf(problem.cause) });
    const challenge = challengeOf(problem);
    if (challenge !== undefined) reply.header('www-authenticate', challenge);
    if (problem.code === 'method-not-allowed') reply.header('allow', 'GET, HEAD');
    if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
    return reply
      .code(problem.status)
      .header('cache-control', 'no-store')
      .type(mediaType(request, version))
      .send(version.outcome(problem, request.id));
  };
}

/** What is no route of this API. */
export function refuseUnknown(request: FastifyRequest): Problem {
  if (request.method !== 'GET' && request.method !== 'HEAD') return readOnly();
  return new Problem('not-found', {
    status: 404,
    message:
      'There is nothing at this address. This API has /metadata, /{type}, /{type}/{id} and the documents that resources point to.',
  });
}

const readOnly = () =>
  new Problem('method-not-allowed', {
    status: 405,
    message: 'This API is for reading: GET and HEAD are all it takes.',
  });

function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  const { statusCode, code } = Object(error) as { statusCode?: number; code?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    // The framework reads a body before it finds out that nothing takes one.
    if (request.method !== 'GET' && request.method !== 'HEAD') return readOnly();
    if (statusCode === 413)
      return new Problem('too-large', { status: 413, message: 'The request is larger than this server takes.' });
    const message = 'The request could not be read. Check that its address is escaped as URLs are.';
    return new Problem('bad-request', { status: statusCode, message });
  }
  if (code !== undefined && DATABASE_GONE.test(code)) {
    const message = "The server can't reach its database at the moment. Try again shortly.";
    return new Problem('unavailable', { status: 503, message, retryAfter: 5, cause: error });
  }
  const message = 'Something went wrong on our side. Tell the operator the request id.';
  return new Problem('internal', { status: 500, message, cause: error });
}

/** Connections refused or cut, PostgreSQL starting, stopping or out of connections. */
const DATABASE_GONE = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|57P0\d|53300|08\w{3})$/;

/** Where it came from, without its message: that may hold what was searched for. */
function faultOf(cause: unknown): object {
  if (!(cause instanceof Error)) return { name: typeof cause };
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: cause.name,
    code: (cause as { code?: string }).code,
    frames: frames.slice(0, 8).map((line) => line.trim()),
  };
}
