import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import { type Parameters, readParameters, requireSingle } from '../parameters.ts';
import type { Client, Clients } from '../ports.ts';
import type { TokenAnswer } from './answer.ts';
import { authenticateClient, readClaimedClient } from './client-authentication.ts';
import { exchangeCode, type GrantDeps, required } from './exchange-code.ts';
import { exchangeRefresh } from './exchange-refresh.ts';
import { endAccess, endFamily, findToken, subjectOf } from './store.ts';
import { parseToken } from './token-text.ts';

export interface TokenDeps extends GrantDeps {
  readonly clients: Clients;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

const ANSWER = {
  type: 'object',
  required: ['access_token', 'token_type', 'expires_in', 'scope', 'patient'],
  properties: {
    access_token: { type: 'string' },
    token_type: { type: 'string' },
    expires_in: { type: 'integer' },
    scope: { type: 'string' },
    patient: { type: 'string' },
    refresh_token: { type: 'string' },
    id_token: { type: 'string' },
  },
} as const;

/** The token and revocation endpoints. Parameters may come in the form, in the query, or split between them. */
export function tokenRoutes(app: FastifyInstance, deps: TokenDeps): void {
  app.post('/token', { schema: { response: { 200: ANSWER } } }, async (request, reply) => {
    noStore(reply);
    const { parameters, authorization } = read(request);
    const type = required(parameters, 'grant_type');
    if (type !== 'authorization_code' && type !== 'refresh_token') {
      throw new Problem('unsupported_grant_type', {
        status: 400,
        message: 'grant_type must be authorization_code or refresh_token.',
      });
    }
    const client = await clientOf(authorization, parameters);
    if (client.state === 'provisional' && deps.provisionalApps === 'inactive') {
      throw new Problem('unauthorized_client', { status: 400, message: 'This app is not approved yet.' });
    }
    return exchange(type, client, parameters, request.id);
  });

  /** RFC 7009: 200 whatever the token was, as long as the client is who it says it is. */
  app.post('/token/revoke', async (request, reply) => {
    noStore(reply);
    const { parameters, authorization } = read(request);
    const text = parameters['token'];
    const client = await clientOf(authorization, parameters, text);
    await revoke(client, text ?? required(parameters, 'token'), request.id);
    return reply.code(200).send();
  });

  function exchange(type: string, client: Client, parameters: Parameters, requestId: string): Promise<TokenAnswer> {
    return type === 'refresh_token'
      ? exchangeRefresh(deps, client, parameters, requestId)
      : exchangeCode(deps, client, parameters, requestId);
  }

  async function clientOf(authorization: string | undefined, parameters: Parameters, token?: string): Promise<Client> {
    const claimed = readClaimedClient(authorization, parameters);
    const clientId = claimed.clientId ?? (await clientOfToken(token ?? parameters['refresh_token']));
    return authenticateClient(deps.clients, { clientId, secret: claimed.secret });
  }

  /** Public clients refresh with nothing but the token: it says whose it is. A confidential one still needs its secret. */
  async function clientOfToken(text: string | undefined): Promise<string | undefined> {
    const token = text === undefined ? undefined : parseToken(text);
    if (token === undefined) return undefined;
    return (await findToken(deps.db, deps.clock.now(), token))?.clientId;
  }

  async function revoke(client: Client, text: string, requestId: string): Promise<void> {
    const now = deps.clock.now();
    const token = parseToken(text);
    const found = token === undefined ? undefined : await findToken(deps.db, now, token);
    if (token === undefined || found === undefined || found.clientId !== client.clientId) return;
    if (found.kind === 'access') await endAccess(deps.db, now, token);
    else await endFamily(deps.db, now, token.familyId, 'revoked by the app');
    await deps.audit.record({
      kind: 'revocation',
      outcome: 'success',
      requestId,
      ...subjectOf(found),
      detail: { token: found.kind },
    });
  }
}

function read(request: FastifyRequest): { parameters: Parameters; authorization: string | undefined } {
  return {
    parameters: requireSingle(readParameters(request.query, request.body)),
    authorization: request.headers.authorization,
  };
}

/** RFC 6749 §5.1 */
function noStore(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
}
