import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type RequestFieldError, toProblem } from '../kernel/index.ts';
import { logServerError } from './log.ts';

/** Sends an error as problem details (RFC 9457), with the request id and the errors of single fields. */
export function renderApiError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = schemaProblem(error) ?? toProblem(error);
  logServerError(request, problem);
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({
      type: `/docs/errors#${problem.code}`,
      title: TITLES[problem.status] ?? 'The request was rejected',
      status: problem.status,
      detail: problem.message,
      code: problem.code,
      request_id: request.id,
      ...(problem.fieldErrors.length === 0 ? {} : { errors: problem.fieldErrors }),
    });
}

export function apiNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = 'Unknown address. /api/openapi.json lists all addresses.';
  return renderApiError(new Problem('not-found', { status: 404, message }), request, reply);
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Invalid request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported format',
  429: 'Too many requests',
  500: 'Server error',
  503: 'Temporarily unavailable',
};

interface SchemaValidationError {
  readonly instancePath: string;
  readonly message?: string;
  readonly keyword?: string;
  readonly params: {
    readonly missingProperty?: string;
    readonly additionalProperty?: string;
    readonly limit?: number;
    readonly pattern?: string;
  };
}

/**
 * Converts a request that doesn't match its route's schema into a Problem with one error for each
 * field. Returns undefined for other errors.
 */
function schemaProblem(error: unknown): Problem | undefined {
  const { validation, statusCode } = error as { validation?: readonly SchemaValidationError[]; statusCode?: number };
  if (statusCode === 415) {
    return new Problem('bad-request', { status: 415, message: 'Send JSON, as application/json.' });
  }
  if (validation === undefined) return undefined;
  const fieldErrors = validation.map(toFieldError);
  const message = fieldErrors.map((error) => `${error.field}: ${error.message}`).join('; ');
  return new Problem('fields-invalid', {
    status: 400,
    message: `Some fields aren’t valid. ${message}`,
    fieldErrors,
  });
}

function toFieldError({ instancePath, ...schemaError }: SchemaValidationError): RequestFieldError {
  const { message = 'isn’t valid', params } = schemaError;
  const named = params.missingProperty ?? params.additionalProperty;
  const parts = [...instancePath.split('/').slice(1), ...(named === undefined ? [] : [named])];
  return { field: parts.join('.') || 'body', ...(knownFieldError({ instancePath, ...schemaError }) ?? { message }) };
}

/** Returns code and message for common mistakes in text fields. The codes are the same as in the routes' own checks. */
function knownFieldError({
  keyword,
  params: { limit, pattern },
}: SchemaValidationError): Omit<RequestFieldError, 'field'> | undefined {
  if (keyword === 'minLength' || (keyword === 'pattern' && pattern === String.raw`\S`)) {
    return { code: 'blank', message: 'must not be empty' };
  }
  if (keyword !== 'maxLength') return undefined;
  return { code: 'too-long', message: `must have at most ${limit} characters`, values: { most: String(limit) } };
}
