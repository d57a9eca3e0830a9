import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hasNamedScope, type TokenVerifier } from '../../access/index.ts';
import { type AccountId, Problem } from '../../kernel/index.ts';
import type { OAuthAddresses } from '../addresses.ts';
import { addTokenChallenges, readPresentedToken } from './presented-token.ts';
import { buildFhirUserMember } from './token-response.ts';

export interface UserinfoDeps {
  readonly tokens: TokenVerifier;
  readonly addresses: OAuthAddresses;
  /** Returns the display name of the account, for the `name` claim. */
  findDisplayName(accountId: AccountId): Promise<string | undefined>;
}

const RESPONSE_SCHEMA = {
  type: 'object',
  required: ['sub'],
  properties: { sub: { type: 'string' }, fhirUser: { type: 'string' }, name: { type: 'string' } },
} as const;

/** Registers the UserInfo endpoint, with GET and POST. OpenID Connect Core §5.3 */
export function userinfoRoutes(app: FastifyInstance, deps: UserinfoDeps): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/userinfo',
    schema: { response: { 200: RESPONSE_SCHEMA } },
    onSend: addTokenChallenges,
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return getUserinfo(deps, request);
    },
  });
}

async function getUserinfo(
  { tokens, addresses, findDisplayName }: UserinfoDeps,
  request: FastifyRequest,
): Promise<object> {
  const presented = readPresentedToken(request, addresses.origin);
  if (presented === undefined)
    throw unauthorized('The access token is missing. Send it in the header "Authorization: Bearer …".');
  const grant = await tokens.verify(presented);
  const { accountId, scopes, apis, audience } = grant;
  const fhirUser = grant.fhirUser && `${grant.fhirUser.type}/${grant.fhirUser.id}`;
  if (accountId === undefined || !hasNamedScope(scopes, 'openid')) {
    throw new Problem('scope-denied', { status: 403, message: 'This access token doesn’t have the scope openid.' });
  }
  const name = hasNamedScope(scopes, 'profile') ? await findDisplayName(accountId) : undefined;
  return {
    sub: accountId,
    ...buildFhirUserMember({ fhirUser, audience }, { apis }, scopes, addresses),
    ...(name === undefined ? {} : { name }),
  };
}

const unauthorized = (message: string): Problem => new Problem('login-required', { status: 401, message });
