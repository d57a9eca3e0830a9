import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { clientNetwork, later, minutes, Problem, type Random, randomSecret, seconds } from '../../kernel/index.ts';
import { createMemoryCounts, type MemoryCounts, type RateLimit } from '../../rate-limit/index.ts';
import { type CheckRequestDeps, checkAuthorizationRequest } from '../authorize/check-request.ts';
import { REQUEST_URI_PREFIX, storePushedRequest } from '../authorize/pushed-request-store.ts';
import { RedirectableProblem } from '../authorize/redirect-uri.ts';
import {
  authenticateClient,
  type ClientAuthenticationDeps,
  readClaimedClientId,
} from '../clients/client-authentication.ts';
import { LIFETIMES } from '../lifetimes.ts';
import { type OAuthParameters, readFormParameters, readParameters } from '../parameters.ts';
import type { ClientActivityLog } from '../ports.ts';
import { verifyDpopProof } from '../token/dpop.ts';

export interface PushedRequestDeps extends CheckRequestDeps {
  readonly db: Executor;
  readonly random: Random;
  readonly clientAuth: ClientAuthenticationDeps;
  /** Counts the pushed requests of public apps, by app and network. */
  readonly publicClientPushes: MemoryCounts;
}

/**
 * Creates the dependencies of the endpoint. Call it once per process: the endpoint has several addresses that share one
 * rate limit.
 */
export const createPushedRequestDeps = (options: Omit<PushedRequestDeps, 'publicClientPushes'>): PushedRequestDeps => ({
  ...options,
  publicClientPushes: createMemoryCounts(options.clock, PUBLIC_CLIENT_LIMIT),
});

const RESPONSE_SCHEMA = {
  type: 'object',
  required: ['request_uri', 'expires_in'],
  properties: { request_uri: { type: 'string' }, expires_in: { type: 'integer' } },
} as const;

/** Parameters of client authentication. They aren't part of the authorization request and aren't stored with it. */
const CREDENTIAL_PARAMETERS = ['client_secret', 'client_assertion', 'client_assertion_type'];

/**
 * Limit of pushed requests per minute, public app and network (RFC 9126 §2.3). Anyone who knows the client_id of a
 * public app can push requests. The limit is higher than what the people behind one mobile carrier's address start in
 * one app.
 */
const PUBLIC_CLIENT_LIMIT: RateLimit = { max: 300, window: minutes(1) };

/**
 * An activity log that ignores everything. `checkAuthorizationRequest` would log a rejection too, but this file logs it
 * already.
 */
const SILENT_LOG: ClientActivityLog = { logError() {}, logToken() {}, countStep() {} };

/**
 * Registers the endpoint for pushed authorization requests (RFC 9126). The client sends its authorization request to
 * the server in advance and authenticates while doing so.
 */
export function pushedRequestRoutes(app: FastifyInstance, deps: PushedRequestDeps): void {
  /**
   * Requests whose client has authenticated with credentials. The activity log marks the errors of all other requests
   * as unproved, because anyone can send them in the name of the app.
   */
  const authenticated = new WeakSet<FastifyRequest>();

  app.post('/par', { schema: { response: { 201: RESPONSE_SCHEMA } } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    try {
      const requestUri = await push(request);
      return reply.code(201).send({ request_uri: requestUri, expires_in: LIFETIMES.pushed });
    } catch (error) {
      const problem = toOAuthProblem(error);
      if (problem instanceof Problem) await logRejection(request, problem);
      throw problem;
    }
  });

  async function push(request: FastifyRequest): Promise<string> {
    const sent = readFormParameters(request);
    const { addresses, clock } = deps;
    const client = await authenticateClient(deps.clientAuth, {
      authorization: request.headers.authorization,
      query: request.query,
      body: request.body,
      parameters: sent,
      address: request.ip,
      audiences: [addresses.token, addresses.issuer, addresses.par],
    });
    if (client.auth === 'none') limitPublicClient(client, request.ip);
    else authenticated.add(request);
    if (sent['request_uri'] !== undefined) {
      throw new Problem('invalid_request', { status: 400, message: 'request_uri can’t be pushed. Leave it out.' });
    }
    const parameters = { ...withoutCredentials(sent), client_id: client.clientId, ...(await bindKey(request, sent)) };
    await checkAuthorizationRequest({ values: parameters, unusable: [] }, { ...deps, log: SILENT_LOG }, request.id);
    const requestUri = `${REQUEST_URI_PREFIX}${randomSecret(deps.random)}`;
    const expires = later(clock.now(), seconds(LIFETIMES.pushed));
    await storePushedRequest(deps.db, { requestUri, clientId: client.clientId, parameters, expires });
    return requestUri;
  }

  function limitPublicClient({ clientId }: App, address: string): void {
    const retryAfter = deps.publicClientPushes.count(`${clientId} ${clientNetwork(address)}`)?.retryAfter;
    if (retryAfter === undefined) return;
    const message = `Too many pushed requests from this app and network. Try again in ${retryAfter} s.`;
    throw new Problem('too-many-attempts', { status: 429, message, retryAfter });
  }

  /**
   * Returns the thumbprint of the key to which the authorization code will be bound. A DPoP proof that is sent with the
   * pushed request selects that key (RFC 9449 §10.1).
   */
  async function bindKey(request: FastifyRequest, sent: OAuthParameters): Promise<{ dpop_jkt?: string }> {
    const { dpop } = request.headers;
    const proof = Array.isArray(dpop) ? dpop.join(',') : dpop;
    const url = `${deps.addresses.origin}${new URL(request.url, deps.addresses.origin).pathname}`;
    const jkt = await verifyDpopProof(deps, { proof, method: 'POST', url });
    if (jkt === undefined) return {};
    if ((sent['dpop_jkt'] ?? jkt) === jkt) return { dpop_jkt: jkt };
    throw new Problem('invalid_dpop_proof', {
      status: 400,
      message: 'dpop_jkt doesn’t match the key of the DPoP proof.',
    });
  }

  async function logRejection(request: FastifyRequest, problem: Problem): Promise<void> {
    const { values } = readParameters(request.query, request.body);
    const claimed = readClaimedClientId(request.headers.authorization, values);
    const client = claimed === undefined ? undefined : await deps.clients.find(claimed);
    if (client === undefined) return;
    const { code: error, detail, message, status } = problem;
    const cause = detail ?? message;
    const entry = { endpoint: 'par', error, cause, status, proved: authenticated.has(request) } as const;
    deps.log.logError({ clientId: client.clientId, ...entry, requestId: request.id });
  }
}

/**
 * Converts an error of an authorization request to a JSON error (RFC 9126 §2.3). The authorization endpoint, in
 * contrast, shows such an error on a page or sends it to the app by redirect.
 */
function toOAuthProblem(error: unknown): unknown {
  if (error instanceof RedirectableProblem) return new Problem(error.code, { status: 400, message: error.message });
  if (!(error instanceof Problem)) return error;
  if (error.code !== 'redirect-mismatch' && error.code !== 'unknown-client' && error.code !== 'too-large') return error;
  const { message, detail } = error;
  return new Problem('invalid_request', { status: 400, message, ...(detail === undefined ? {} : { detail }) });
}

const withoutCredentials = (sent: OAuthParameters): OAuthParameters =>
  Object.fromEntries(Object.entries(sent).filter(([name]) => !CREDENTIAL_PARAMETERS.includes(name)));
