import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { later, minutes, networkOf, Problem, type Random, seconds, secretText } from '../../kernel/index.ts';
import { checkRequest, type PipelineDeps } from '../authorize/pipeline.ts';
import { RedirectableProblem } from '../authorize/redirect.ts';
import { authenticateClient, type ClientAuthDeps, claimedClientId } from '../client/client-authentication.ts';
import { type RateLimit, rateLimit } from '../client/rate-limit.ts';
import { LIFETIMES } from '../lifetimes.ts';
import { type Parameters, readParameters, requestParameters } from '../parameters.ts';
import type { AppLog, Client } from '../ports.ts';
import { provedKey } from '../token/dpop.ts';
import { keepPushed, REQUEST_URI } from './store.ts';

export interface ParDeps extends PipelineDeps {
  readonly db: Executor;
  readonly random: Random;
  readonly clientAuth: ClientAuthDeps;
  /** Limits pushes of public apps. */
  readonly unproved: RateLimit;
}

/** The endpoint has several addresses that share one rate limit, so this is created once. */
export const parDeps = (parts: Omit<ParDeps, 'unproved'>): ParDeps => ({
  ...parts,
  unproved: rateLimit(parts.clock, { most: MOST_UNPROVED, within: minutes(1) }),
});

const ANSWER = {
  type: 'object',
  required: ['request_uri', 'expires_in'],
  properties: { request_uri: { type: 'string' }, expires_in: { type: 'integer' } },
} as const;

/** Client authentication parameters, which are not part of the authorization request. */
const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type'];

/**
 * Anyone who knows the client_id of a public app can push requests. RFC 9126 §2.3: this many per minute and network are
 * accepted, which is more than the people behind one carrier's address start in one app.
 */
const MOST_UNPROVED = 300;

/** `checkAuthorizationRequest` would log the rejection too. It is logged once, in this file. */
const UNHEARD: AppLog = { refused() {}, granted() {}, reached() {} };

/** RFC 9126: the client sends the authorization request ahead and authenticates while doing so. */
export function parRoutes(app: FastifyInstance, deps: ParDeps): void {
  const { unproved } = deps;
  /** Requests whose client has authenticated. */
  const authenticated = new WeakSet<FastifyRequest>();

  app.post('/par', { schema: { response: { 201: ANSWER } } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    try {
      const requestUri = await push(request);
      return reply.code(201).send({ request_uri: requestUri, expires_in: LIFETIMES.pushed });
    } catch (error) {
      const problem = asProblem(error);
      if (problem instanceof Problem) await logRejection(request, problem);
      throw problem;
    }
  });

  async function push(request: FastifyRequest): Promise<string> {
    const sent = requestParameters(request);
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
    await checkRequest({ values: parameters, unusable: [] }, { ...deps, log: UNHEARD }, request.id);
    const requestUri = `${REQUEST_URI}${secretText(deps.random)}`;
    const expires = later(clock.now(), seconds(LIFETIMES.pushed));
    await keepPushed(deps.db, { requestUri, clientId: client.clientId, parameters, expires });
    return requestUri;
  }

  function limitPublicClient({ clientId }: Client, address: string): void {
    const key = `${clientId} ${networkOf(address)}`;
    const retryAfter = unproved.wait(key);
    if (retryAfter !== undefined) {
      const message = `This app pushed too many requests from here. Wait ${retryAfter} s.`;
      throw new Problem('too-many-attempts', { status: 429, message, retryAfter });
    }
    unproved.count(key);
  }

  /** RFC 9449 §10.1: a DPoP proof sent with the push binds the code to its key. */
  async function bindKey(request: FastifyRequest, sent: Parameters): Promise<{ dpop_jkt?: string }> {
    const { dpop } = request.headers;
    const proof = Array.isArray(dpop) ? dpop.join(',') : dpop;
    const url = `${deps.addresses.origin}${new URL(request.url, deps.addresses.origin).pathname}`;
    const jkt = await provedKey(deps, { proof, method: 'POST', url });
    if (jkt === undefined) return {};
    if ((sent['dpop_jkt'] ?? jkt) === jkt) return { dpop_jkt: jkt };
    throw new Problem('invalid_dpop_proof', { status: 400, message: 'dpop_jkt is of another key than the proof.' });
  }

  async function logRejection(request: FastifyRequest, problem: Problem): Promise<void> {
    const { values } = readParameters(request.query, request.body);
    const claimed = claimedClientId(request.headers.authorization, values);
    const client = claimed === undefined ? undefined : await deps.clients.find(claimed);
    if (client === undefined) return;
    const { code: error, detail, message, status } = problem;
    const cause = detail ?? message;
    const entry = { endpoint: 'par', error, cause, status, proved: authenticated.has(request) } as const;
    deps.log.refused({ clientId: client.clientId, ...entry, requestId: request.id });
  }
}

/** RFC 9126 §2.3: errors that the authorization endpoint shows on a page or sends by redirect are JSON here. */
function asProblem(error: unknown): unknown {
  if (error instanceof RedirectableProblem) return new Problem(error.code, { status: 400, message: error.message });
  if (!(error instanceof Problem)) return error;
  if (error.code !== 'redirect-mismatch' && error.code !== 'unknown-client' && error.code !== 'too-large') return error;
  const { message, detail } = error;
  return new Problem('invalid_request', { status: 400, message, ...(detail === undefined ? {} : { detail }) });
}

const withoutCredentials = (sent: Parameters): Parameters =>
  Object.fromEntries(Object.entries(sent).filter(([name]) => !CREDENTIALS.includes(name)));
