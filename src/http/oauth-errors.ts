import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemCode, toPlainAscii, toProblem } from '../kernel/index.ts';
import { logServerError } from './log.ts';

const OAUTH_CODES: ReadonlySet<ProblemCode> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
  'access_denied',
  'invalid_token',
  'invalid_dpop_proof',
  'invalid_redirect_uri',
  'invalid_client_metadata',
  'request_not_supported',
  'request_uri_not_supported',
]);

/** Sends an error in the format of RFC 6749 §5.2, plus the request id. */
export function renderOAuthError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  logServerError(request, problem);
  const challenge = authenticateChallenge(problem);
  if (challenge !== undefined) reply.header('www-authenticate', challenge);
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .send({
      error: OAUTH_CODES.has(problem.code) ? problem.code : standardCode(problem),
      error_description: toPlainAscii(problem.message),
      request_id: request.id,
    });
}

/**
 * Returns the WWW-Authenticate header for an error: RFC 6749 §5.2 for failed client authentication,
 * RFC 6750 §3 and RFC 9449 §7.1 for tokens.
 */
function authenticateChallenge({ code, status }: Problem): string | undefined {
  const realm = 'realm="Patient Access"';
  if (code === 'scope-denied') return `Bearer ${realm}, error="insufficient_scope"`;
  if (status !== 401) return undefined;
  if (code === 'login-required') return `Bearer ${realm}`;
  if (code === 'invalid_token') return `Bearer ${realm}, error="invalid_token"`;
  return code === 'invalid_dpop_proof' ? `DPoP ${realm}, error="invalid_dpop_proof"` : `Basic ${realm}`;
}

function standardCode(problem: Problem): string {
  if (problem.code === 'scope-denied') return 'insufficient_scope';
  if (problem.code === 'login-required') return 'invalid_request';
  if (problem.status === 503) return 'temporarily_unavailable';
  return problem.status >= 500 ? 'server_error' : 'invalid_request';
}

export function oauthNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = isRegistrationOff(request)
    ? 'Self-registration is turned off on this server. Ask the operator to register the app.'
    : 'Unknown endpoint. .well-known/smart-configuration lists all endpoints.';
  // Sets the CORS header here, because no CORS plugin handles responses of paths without a route.
  // Browser apps must be able to read the error.
  reply.header('access-control-allow-origin', '*');
  return renderOAuthError(new Problem('not-found', { status: 404, message }), request, reply);
}

/**
 * Returns whether the request was for the registration endpoint (RFC 7591 §3) while registration is
 * turned off. Clients may try the usual path of that endpoint even if discovery doesn't announce
 * it.
 */
function isRegistrationOff({ url, server }: FastifyRequest): boolean {
  return /\/register\/?(\?|$)/i.test(url) && !server.hasRoute({ method: 'POST', url: `${server.prefix}/register` });
}
