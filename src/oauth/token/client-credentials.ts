import { checkRequestedScopeLength, checkScopeIntersectionSize, printScopes } from '../../access/index.ts';
import type { App } from '../../domain/index.ts';
import { later, Problem, seconds } from '../../kernel/index.ts';
import { assertionKey, usedAssertionProblem } from '../clients/client-assertion.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { ServedTypes } from '../ports.ts';
import { findGrantableScopes } from '../scopes/grantable-scopes.ts';
import type { TokenExchangeDeps, TokenRequest } from './exchange-code.ts';
import { mintToken, newFamilyId } from './opaque-token.ts';
import { requireParameter } from './token-errors.ts';
import type { TokenEndpointResponse } from './token-response.ts';

/**
 * Handles `grant_type=client_credentials` (RFC 6749 §4.4, SMART Backend Services). The response has no refresh token,
 * since the app can always request a new access token. The statement that mints the token uses up the assertion, so a
 * rejected request leaves it unused.
 */
export async function issueBackendToken(
  deps: TokenExchangeDeps,
  request: TokenRequest,
): Promise<TokenEndpointResponse> {
  const { client, assertion, parameters, jkt, requestId } = request;
  if (client.kind !== 'backend' || assertion === undefined) {
    throw new Problem('unauthorized_client', {
      status: 400,
      message:
        'client_credentials is for backend apps that authenticate with private_key_jwt. This app isn’t a backend app.',
    });
  }
  const requested = requireParameter(parameters, 'scope');
  const scope = findBackendScope(client, requested, deps.types);
  const now = deps.clock.now();
  const token = mintToken(deps.random, newFamilyId(deps.random));
  await deps.audit.ready();
  const result = await deps.mintBackendToken({
    token,
    clientId: client.clientId,
    assertion: assertionKey(assertion),
    scope,
    expires: later(now, seconds(LIFETIMES.backendAccess)),
    jkt: jkt ?? null,
    event: { id: deps.random.uuid(), requestId },
  });
  if (result === 'used') throw usedAssertionProblem();
  if (result === 'stopped') {
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

/**
 * The scope that each backend app requested last, and what of it was granted. An app requests the same scope again and
 * again. A changed registration is another object, because clients are cached for a second at most.
 */
const lastGranted = new WeakMap<App, { readonly requested: string; readonly scope: string }>();

/**
 * Returns the requested scopes that a backend app may have.
 * @throws Problem 400 if there are none, or too many to check
 */
function findBackendScope(client: App, requested: string, types: ServedTypes): string {
  const last = lastGranted.get(client);
  if (last?.requested === requested) return last.scope;
  const tooMuch = checkRequestedScopeLength(requested) ?? checkScopeIntersectionSize(requested, client.scope);
  const scopes =
    tooMuch === undefined
      ? findGrantableScopes(requested, client.scope, types, { kind: client.kind, launch: false })
      : [];
  if (scopes.length === 0) {
    throw new Problem('invalid_scope', {
      status: 400,
      message: tooMuch ?? `None of the requested scopes can be granted. Registered scopes of this app: ${client.scope}`,
    });
  }
  const scope = printScopes(scopes);
  lastGranted.set(client, { requested, scope });
  return scope;
}
