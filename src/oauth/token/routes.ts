import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RefusedToken, type TokenVerifier } from '../../access/index.ts';
import { Problem } from '../../kernel/index.ts';
import { authenticateClient, type ClientAuthDeps, claimedClientId } from '../client/client-authentication.ts';
import { type Parameters, readParameters, requestParameters } from '../parameters.ts';
import type { AppLog, Client, Grant, Refusal } from '../ports.ts';
import type { TokenAnswer } from './answer.ts';
import { clientCredentials } from './client-credentials.ts';
import { provedKey } from './dpop.ts';
import { exchangeCode, type GrantDeps, type TokenRequest } from './exchange-code.ts';
import { exchangeRefresh } from './exchange-refresh.ts';
import { endAccess, endFamily, REVOKED_BY_APP } from './families.ts';
import { findToken } from './find.ts';
import { subjectOf } from './good.ts';
import { type Introspection, introspect } from './introspect.ts';
import { introspectingClient } from './introspecting-client.ts';
import type { LiveTokens } from './live-tokens.ts';
import { offerTokenSchemes, pathOf, presentedToken, proofOf } from './presented-token.ts';
import { RefusedGrant, required } from './refusal.ts';
import { INTROSPECTION, TOKEN_ANSWER } from './schemas.ts';
import { parseToken } from './token-text.ts';
import type { UnprovedFailures } from './unproved-failures.ts';

export interface TokenDeps extends GrantDeps {
  readonly clientAuth: ClientAuthDeps;
  readonly tokens: TokenVerifier;
  readonly liveTokens: LiveTokens;
  readonly log: AppLog;
  readonly unprovedFailures: UnprovedFailures;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

type Exchange = (deps: GrantDeps, request: TokenRequest) => Promise<TokenAnswer>;
const GRANTS: Readonly<Record<Grant['grantType'], Exchange>> = {
  authorization_code: exchangeCode,
  refresh_token: exchangeRefresh,
  client_credentials: clientCredentials,
};

const isGrantType = (type: string): type is Grant['grantType'] => Object.hasOwn(GRANTS, type);

/** Token, revocation and introspection endpoints. Parameters may come in the form, in the query, or in both. */
export function tokenRoutes(app: FastifyInstance, deps: TokenDeps): void {
  const { addresses } = deps;
  /** Requests whose client has authenticated with credentials. */
  const authenticated = new WeakSet<FastifyRequest>();

  app.post('/token', { schema: { response: { 200: TOKEN_ANSWER } } }, (request, reply) => {
    noStore(reply);
    return withRejectionRecorded('token', request, () => deps.interruptions.watch(() => issueTokens(request, reply)));
  });

  /**
   * RFC 7009: returns 200 for any token, as long as the client is authenticated. The body has no meaning (§2.2), but
   * some clients parse every response as JSON.
   */
  app.post('/token/revoke', async (request, reply) => {
    noStore(reply);
    await withRejectionRecorded('revoke', request, () => revoke(request));
    return reply.code(200).send({});
  });

  /** RFC 7662 */
  const introspectOptions = { schema: { response: { 200: INTROSPECTION } }, onSend: offerTokenSchemes };
  app.post('/introspect', introspectOptions, (request, reply) => {
    noStore(reply);
    return withRejectionRecorded('introspect', request, () => handleIntrospection(request));
  });

  async function handleIntrospection(request: FastifyRequest): Promise<Introspection> {
    const parameters = requestParameters(request);
    const text = required(parameters, 'token');
    const client = await introspectingClient(deps, {
      parameters,
      presented: presentedToken(request, addresses.origin),
      authenticated: () => authenticate(request, parameters, addresses.introspect),
    });
    return introspect(deps, client, text);
  }

  async function issueTokens(request: FastifyRequest, reply: FastifyReply): Promise<TokenAnswer> {
    const parameters = requestParameters(request);
    const type = required(parameters, 'grant_type');
    if (!isGrantType(type)) {
      throw new Problem('unsupported_grant_type', {
        status: 400,
        message: `grant_type must be one of: ${Object.keys(GRANTS).join(', ')}.`,
      });
    }
    const client = await authenticate(request, parameters, addresses.token, parameters['refresh_token']);
    const jkt = await requireDpopKey(request, client);
    const response = await GRANTS[type](deps, { client, parameters, jkt, requestId: request.id });
    const { clientId, auth } = client;
    const milliseconds = reply.elapsedTime;
    deps.log.granted({ clientId, grantType: type, auth, scope: response.scope, requestId: request.id, milliseconds });
    if (type === 'authorization_code') deps.log.reached(clientId, 'exchanged');
    return response;
  }

  /** RFC 9449 §5 */
  async function requireDpopKey(request: FastifyRequest, client: Client): Promise<string | undefined> {
    const url = `${addresses.origin}${pathOf(request, addresses.origin)}`;
    const jkt = await provedKey(deps, { proof: proofOf(request), method: request.method, url });
    if (jkt === undefined && client.dpopBound) {
      throw new Problem('invalid_dpop_proof', {
        status: 400,
        message: 'This app registered dpop_bound_access_tokens: send a DPoP proof with every token request.',
      });
    }
    return jkt;
  }

  async function authenticate(
    request: FastifyRequest,
    parameters: Parameters,
    endpoint: string,
    token?: string,
  ): Promise<Client> {
    const claimed = claimedClientId(request.headers.authorization, parameters);
    const fallbackClientId = claimed === undefined ? await clientIdOfToken(token) : undefined;
    const client = await authenticateClient(deps.clientAuth, {
      authorization: request.headers.authorization,
      query: request.query,
      body: request.body,
      parameters,
      address: request.ip,
      audiences: [addresses.token, addresses.issuer, endpoint],
      ...(fallbackClientId === undefined ? {} : { fallbackClientId }),
    });
    if (client.auth !== 'none') authenticated.add(request);
    return client;
  }

  /**
   * A public client may refresh with only the token, which identifies the client. A confidential client must still
   * authenticate.
   */
  async function clientIdOfToken(text: string | undefined): Promise<string | undefined> {
    const token = text === undefined ? undefined : parseToken(text);
    if (token === undefined) return undefined;
    return (await findToken(deps.db, deps.clock.now(), token))?.clientId;
  }

  async function revoke(request: FastifyRequest): Promise<void> {
    const parameters = requestParameters(request);
    const text = parameters['token'];
    const client = await authenticate(request, parameters, addresses.revoke, text);
    const now = deps.clock.now();
    const token = parseToken(text ?? required(parameters, 'token'));
    const found = token === undefined ? undefined : await findToken(deps.db, now, token);
    if (token === undefined || found === undefined || found.clientId !== client.clientId) return;
    if (found.kind === 'access') await endAccess(deps.db, now, token);
    else await endFamily(deps.db, now, token.familyId, REVOKED_BY_APP);
    if (found.kind === 'access') deps.liveTokens.forget(token.text);
    else deps.liveTokens.forgetFamily(token.familyId);
    const detail = { token: found.kind };
    await deps.audit.record({
      kind: 'revocation',
      outcome: 'success',
      requestId: request.id,
      ...subjectOf(found),
      detail,
    });
  }

  /**
   * Records every rejected request in the audit log: under the grant of the token if that is known, or else under the
   * claimed client if it exists. Requests without proof of identity are only counted together.
   */
  async function withRejectionRecorded<Result>(
    endpoint: Refusal['endpoint'] & ('token' | 'revoke' | 'introspect'),
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
    if (unproved !== undefined && endpoint !== 'introspect') await deps.unprovedFailures.requireRoom(unproved);
    const clientId = await findClaimedClientId(request);
    const subject = problem instanceof RefusedGrant ? problem.subject : { clientId };
    if (clientId !== undefined) {
      const { code: error, message: cause, status } = problem;
      const heldToken = problem instanceof RefusedGrant || problem instanceof RefusedToken;
      deps.log.refused({
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
    await deps.audit.record({ kind, outcome: 'failure', requestId, ...subject, detail });
  }

  async function findClaimedClientId(request: FastifyRequest): Promise<Client['clientId'] | undefined> {
    const { values } = readParameters(request.query, request.body);
    const presented = presentedToken(request, addresses.origin)?.token;
    const clientId =
      claimedClientId(request.headers.authorization, values) ??
      (await clientIdOfToken(presented ?? values['refresh_token'] ?? values['token']));
    return clientId === undefined ? undefined : (await deps.clientAuth.clients.find(clientId))?.clientId;
  }
}

/** RFC 6749 §5.1 */
function noStore(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
}
