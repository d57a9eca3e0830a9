import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RejectedTokenProblem, type TokenVerifier } from '../../access/index.ts';
import type { App, LoggedError, LoggedToken } from '../../domain/index.ts';
import { Problem } from '../../kernel/index.ts';
import { consumeAssertion } from '../clients/client-assertion.ts';
import {
  authenticateClient,
  type ClientAuthenticationDeps,
  type ClientAuthenticationRequest,
  readClaimedClientId,
  verifyClient,
} from '../clients/client-authentication.ts';
import { type OAuthParameters, readFormParameters, readParameters } from '../parameters.ts';
import type { ClientActivityLog } from '../ports.ts';
import { selectSubject } from './active-token.ts';
import { issueBackendToken } from './client-credentials.ts';
import { verifyDpopProof } from './dpop.ts';
import { exchangeCode, type TokenExchangeDeps, type TokenRequest } from './exchange-code.ts';
import { exchangeRefresh } from './exchange-refresh.ts';
import { findToken } from './find-token.ts';
import { type IntrospectionResponse, introspect } from './introspect.ts';
import { authenticateIntrospection } from './introspecting-client.ts';
import { parseToken } from './opaque-token.ts';
import { addTokenChallenges, readDpopHeader, readPresentedToken, requestPath } from './presented-token.ts';
import { INTROSPECTION_SCHEMA, TOKEN_RESPONSE_SCHEMA } from './response-schemas.ts';
import type { TokenCache } from './token-cache.ts';
import { InvalidGrantProblem, requireParameter } from './token-errors.ts';
import { endFamily, REVOKED_BY_APP_REASON, revokeAccessToken } from './token-families.ts';
import type { TokenEndpointResponse } from './token-response.ts';
import type { UnauthenticatedFailures } from './unauthenticated-failures.ts';

export interface TokenEndpointDeps extends TokenExchangeDeps {
  readonly clientAuth: ClientAuthenticationDeps;
  readonly tokens: TokenVerifier;
  readonly liveTokens: TokenCache;
  readonly log: ClientActivityLog;
  readonly unprovedFailures: UnauthenticatedFailures;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

type GrantTypeHandler = (deps: TokenExchangeDeps, request: TokenRequest) => Promise<TokenEndpointResponse>;
const GRANT_TYPE_HANDLERS: Readonly<Record<LoggedToken['grantType'], GrantTypeHandler>> = {
  authorization_code: exchangeCode,
  refresh_token: exchangeRefresh,
  client_credentials: issueBackendToken,
};

const isGrantType = (type: string): type is LoggedToken['grantType'] => Object.hasOwn(GRANT_TYPE_HANDLERS, type);

/**
 * Registers the token, revocation and introspection endpoints. Parameters may come in the form, in the query, or in
 * both.
 */
export function tokenRoutes(app: FastifyInstance, deps: TokenEndpointDeps): void {
  const { addresses } = deps;
  /**
   * Requests whose client has authenticated with credentials. Errors of all other requests are limited by network,
   * because anyone can cause them.
   */
  const authenticated = new WeakSet<FastifyRequest>();

  app.post('/token', { schema: { response: { 200: TOKEN_RESPONSE_SCHEMA } } }, (request, reply) => {
    forbidCaching(reply);
    return withRejectionRecorded('token', request, () => deps.interruptions.watch(() => issueTokens(request, reply)));
  });

  /**
   * Revocation endpoint (RFC 7009). It returns 200 for any token, as long as the client is authenticated. The body has
   * no meaning (§2.2), but some clients parse every response as JSON.
   */
  app.post('/token/revoke', async (request, reply) => {
    forbidCaching(reply);
    await withRejectionRecorded('revoke', request, () => revoke(request));
    return reply.code(200).send({});
  });

  /** Introspection endpoint. RFC 7662 */
  const introspectOptions = { schema: { response: { 200: INTROSPECTION_SCHEMA } }, onSend: addTokenChallenges };
  app.post('/introspect', introspectOptions, (request, reply) => {
    forbidCaching(reply);
    return withRejectionRecorded('introspect', request, () => handleIntrospection(request));
  });

  async function handleIntrospection(request: FastifyRequest): Promise<IntrospectionResponse> {
    const parameters = readFormParameters(request);
    const text = requireParameter(parameters, 'token');
    const client = await authenticateIntrospection(deps, {
      parameters,
      presented: readPresentedToken(request, addresses.origin),
      authenticated: async () =>
        authenticate(request, await sentCredentials(request, parameters, addresses.introspect)),
    });
    return introspect(deps, client, text);
  }

  async function issueTokens(request: FastifyRequest, reply: FastifyReply): Promise<TokenEndpointResponse> {
    const parameters = readFormParameters(request);
    const type = requireParameter(parameters, 'grant_type');
    if (!isGrantType(type)) {
      throw new Problem('unsupported_grant_type', {
        status: 400,
        message: `grant_type must be one of: ${Object.keys(GRANT_TYPE_HANDLERS).join(', ')}.`,
      });
    }
    const sent = await sentCredentials(request, parameters, addresses.token, parameters['refresh_token']);
    const backend = type === 'client_credentials' ? await verifyClient(deps.clientAuth, sent) : undefined;
    const client = backend?.client ?? (await authenticate(request, sent));
    const assertion = backend?.assertion;
    const exchange = async () => {
      const jkt = await requireDpopKey(request, client);
      return GRANT_TYPE_HANDLERS[type](deps, { client, assertion, parameters, jkt, requestId: request.id });
    };
    const response = await exchange().catch(async (error: unknown) => {
      // The token of a backend app is minted by the statement that uses up the assertion. If the request fails before,
      // the assertion is used up here.
      const isProved =
        assertion === undefined ? client.auth !== 'none' : await consumeAssertion(deps.clientAuth, assertion);
      if (isProved) authenticated.add(request);
      throw error;
    });
    const { clientId, auth } = client;
    const milliseconds = reply.elapsedTime;
    deps.log.logToken({ clientId, grantType: type, auth, scope: response.scope, requestId: request.id, milliseconds });
    if (type === 'authorization_code') deps.log.countStep(clientId, 'exchanged');
    return response;
  }

  const verifyProofOf = (request: FastifyRequest, proof: string): Promise<string | undefined> =>
    verifyDpopProof(deps, {
      proof,
      method: request.method,
      url: `${addresses.origin}${requestPath(request, addresses.origin)}`,
    });

  /**
   * Verifies the DPoP proof of a token request and returns the thumbprint of its key (RFC 9449 §5). Throws if the app
   * registered to always send a proof and sent none.
   */
  async function requireDpopKey(request: FastifyRequest, client: App): Promise<string | undefined> {
    const proof = readDpopHeader(request);
    const jkt = proof === undefined ? undefined : await verifyProofOf(request, proof);
    if (jkt === undefined && client.dpopBound) {
      throw new Problem('invalid_dpop_proof', {
        status: 400,
        message: 'This app registered dpop_bound_access_tokens. Send a DPoP proof with every token request.',
      });
    }
    return jkt;
  }

  async function authenticate(request: FastifyRequest, sent: ClientAuthenticationRequest): Promise<App> {
    const client = await authenticateClient(deps.clientAuth, sent);
    if (client.auth !== 'none') authenticated.add(request);
    return client;
  }

  /** Reads what a request contains about its client. */
  async function sentCredentials(
    request: FastifyRequest,
    parameters: OAuthParameters,
    endpoint: string,
    token?: string,
  ): Promise<ClientAuthenticationRequest> {
    const claimed = readClaimedClientId(request.headers.authorization, parameters);
    const fallbackClientId = claimed === undefined ? await clientIdOfToken(token) : undefined;
    return {
      authorization: request.headers.authorization,
      query: request.query,
      body: request.body,
      parameters,
      address: request.ip,
      audiences: [addresses.token, addresses.issuer, endpoint],
      ...(fallbackClientId === undefined ? {} : { fallbackClientId }),
    };
  }

  /**
   * Finds the client that a token was issued to. A public client may refresh with nothing but the token. A confidential
   * client must still authenticate.
   */
  async function clientIdOfToken(text: string | undefined): Promise<string | undefined> {
    const token = text === undefined ? undefined : parseToken(text);
    if (token === undefined) return undefined;
    return (await findToken(deps.db, deps.clock.now(), token))?.clientId;
  }

  async function revoke(request: FastifyRequest): Promise<void> {
    const parameters = readFormParameters(request);
    const text = parameters['token'];
    const client = await authenticate(request, await sentCredentials(request, parameters, addresses.revoke, text));
    const now = deps.clock.now();
    const token = parseToken(text ?? requireParameter(parameters, 'token'));
    const found = token === undefined ? undefined : await findToken(deps.db, now, token);
    if (token === undefined || found === undefined || found.clientId !== client.clientId) return;
    if (found.kind === 'access') await revokeAccessToken(deps.db, now, token);
    else await endFamily(deps.db, now, token.familyId, REVOKED_BY_APP_REASON);
    if (found.kind === 'access') deps.liveTokens.forget(token.text);
    else deps.liveTokens.forgetFamily(token.familyId);
    const detail = { token: found.kind };
    await deps.audit.append({
      kind: 'revocation',
      outcome: 'success',
      requestId: request.id,
      ...selectSubject(found),
      detail,
    });
  }

  /**
   * Records rejected requests in the activity log of the app and, except for introspection, in the audit log. The audit
   * event names the grant of the token if that is known, or else the claimed client if it exists. If the client has not
   * authenticated, the audit log gets only the first failure of each kind per minute and a count of the others.
   */
  async function withRejectionRecorded<Result>(
    endpoint: LoggedError['endpoint'] & ('token' | 'revoke' | 'introspect'),
    request: FastifyRequest,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem) await recordRejection(endpoint, request, error);
      throw error;
    }
  }

  async function recordRejection(
    endpoint: 'token' | 'revoke' | 'introspect',
    request: FastifyRequest,
    problem: Problem,
  ): Promise<void> {
    const kind = endpoint === 'revoke' ? 'revocation' : 'token';
    const requestId = request.id;
    const unproved = authenticated.has(request) ? undefined : ({ kind, address: request.ip, requestId } as const);
    if (unproved !== undefined && endpoint !== 'introspect') await deps.unprovedFailures.requireBelowLimit(unproved);
    const clientId = await findClaimedClientId(request);
    const subject = problem instanceof InvalidGrantProblem ? problem.subject : { clientId };
    if (clientId !== undefined) {
      const { code: error, message: cause, status } = problem;
      const heldToken = problem instanceof InvalidGrantProblem || problem instanceof RejectedTokenProblem;
      deps.log.logError({
        clientId,
        endpoint,
        error,
        cause,
        status,
        requestId,
        proved: heldToken || authenticated.has(request),
      });
    }
    if (endpoint === 'introspect') return;
    if (unproved !== undefined) return deps.unprovedFailures.record(unproved, problem.code, subject);
    const detail = { problem: problem.code };
    await deps.audit.append({ kind, outcome: 'failure', requestId, ...subject, detail });
  }

  async function findClaimedClientId(request: FastifyRequest): Promise<App['clientId'] | undefined> {
    const { values } = readParameters(request.query, request.body);
    const presented = readPresentedToken(request, addresses.origin)?.token;
    const clientId =
      readClaimedClientId(request.headers.authorization, values) ??
      (await clientIdOfToken(presented ?? values['refresh_token'] ?? values['token']));
    return clientId === undefined ? undefined : (await deps.clientAuth.clients.get(clientId))?.clientId;
  }
}

/** Forbids caching of the response. RFC 6749 §5.1 */
function forbidCaching(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
}
