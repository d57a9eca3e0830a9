import { checkRequestedScopeLength, checkScopeIntersectionSize, printScopes } from '../../access/index.ts';
import { later, Problem, seconds } from '../../kernel/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import { findGrantableScopes } from '../scopes/grantable-scopes.ts';
import type { TokenExchangeDeps, TokenRequest } from './exchange-code.ts';
import { mintToken, newFamilyId } from './opaque-token.ts';
import { requireParameter } from './token-errors.ts';
import { ensureBackendGrant, mintBackendToken } from './token-families.ts';
import type { TokenEndpointResponse } from './token-response.ts';

/**
 * Handles `grant_type=client_credentials` (RFC 6749 §4.4, SMART Backend Services). The response has no refresh token,
 * since the app can always request a new access token.
 */
export async function issueBackendToken(
  deps: TokenExchangeDeps,
  request: TokenRequest,
): Promise<TokenEndpointResponse> {
  const { client, parameters, jkt, requestId } = request;
  if (client.kind !== 'backend' || client.auth !== 'private_key_jwt') {
    throw new Problem('unauthorized_client', {
      status: 400,
      message:
        'client_credentials is for backend apps that authenticate with private_key_jwt. This app isn’t a backend app.',
    });
  }
  const requested = requireParameter(parameters, 'scope');
  const tooMuch = checkRequestedScopeLength(requested) ?? checkScopeIntersectionSize(requested, client.scope);
  const scopes =
    tooMuch === undefined
      ? findGrantableScopes(requested, client.scope, deps.types, { kind: client.kind, launch: false })
      : [];
  if (scopes.length === 0) {
    throw new Problem('invalid_scope', {
      status: 400,
      message: tooMuch ?? `None of the requested scopes can be granted. Registered scopes of this app: ${client.scope}`,
    });
  }
  const now = deps.clock.now();
  const token = mintToken(deps.random, newFamilyId(deps.random));
  const grantId = await ensureBackendGrant(deps.db, now, { grantId: deps.random.uuid(), clientId: client.clientId });
  const scope = printScopes(scopes);
  const expires = later(now, seconds(LIFETIMES.backendAccess));
  const event = { id: deps.random.uuid(), requestId };
  const { clientId } = client;
  await deps.audit.ready();
  const newToken = { token, clientId, grantId, scope, expires, jkt: jkt ?? null, event };
  if (!(await mintBackendToken(deps.db, now, newToken))) {
    const message = 'This app was just stopped. It can’t get tokens.';
    throw new Problem('unauthorized_client', { status: 400, message });
  }
  return {
    access_token: token.text,
    token_type: jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: LIFETIMES.backendAccess,
    scope,
  };
}
