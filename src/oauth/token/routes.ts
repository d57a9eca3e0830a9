import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import { type Parameters, readParameters, requireSingle } from '../parameters.ts';
import type { Client, Clients } from '../ports.ts';
import type { TokenAnswer } from './answer.ts';
import { authenticateClient, readBasic, readClaimedClient } from './client-authentication.ts';
import { exchangeCode, type GrantDeps, RefusedGrant, required } from './exchange-code.ts';
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
  app.post('/token', { schema: { response: { 200: ANSWER } } }, (request, reply) => {
    noStore(reply);
    return recorded('token', request, () => answer(request));
  });

  /** RFC 7009: 200 whatever the token was, as long as the client is who it says it is. */
  app.post('/token/revoke', async (request, reply) => {
    noStore(reply);
    await recorded('revocation', request, () => revoke(request));
    return reply.code(200).send();
  });

  async function answer(request: FastifyRequest): Promise<TokenAnswer> {
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
    return type === 'refresh_token'
      ? exchangeRefresh(deps, client, parameters, request.id)
      : exchangeCode(deps, client, parameters, request.id);
  }

  /** Every refusal leaves a record: whose token it was when that is known, else which client was claimed if there is one. */
  async function recorded<Result>(
    kind: 'token' | 'revocation',
    request: FastifyRequest,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const subject = error instanceof RefusedGrant ? error.subject : await claimedClient(request);
      const detail = { problem: error.code };
      await deps.audit.record({ kind, outcome: 'failure', requestId: request.id, ...subject, detail });
      throw error;
    }
  }

  async function claimedClient(request: FastifyRequest): Promise<{ clientId?: Client['clientId'] }> {
    const { values } = readParameters(request.query, request.body);
    const clientId = readBasic(request.headers.authorization)?.clientId ?? values['client_id'];
    const client = clientId === undefined ? undefined : await deps.clients.find(clientId);
    return client === undefined ? {} : { clientId: client.clientId };
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

  async function revoke(request: FastifyRequest): Promise<void> {
    const { parameters, authorization } = read(request);
    const text = parameters['token'];
    const client = await clientOf(authorization, parameters, text);
    const now = deps.clock.now();
    const token = parseToken(text ?? required(parameters, 'token'));
    const found = token === undefined ? undefined : await findToken(deps.db, now, token);
    if (token === undefined || found === undefined || found.clientId !== client.clientId) return;
    if (found.kind === 'access') await endAccess(deps.db, now, token);
    else await endFamily(deps.db, now, token.familyId, 'revoked by the app');
    const detail = { token: found.kind };
    await deps.audit.record({
      kind: 'revocation',
      outcome: 'success',
      requestId: request.id,
      ...subjectOf(found),
      detail,
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
