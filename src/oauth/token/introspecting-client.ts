import type { PresentedToken, TokenVerifier } from '../../access/index.ts';
import type { App } from '../../domain/index.ts';
import { Problem, type TtlCache } from '../../kernel/index.ts';
import { invalidRequest, type OAuthParameters } from '../parameters.ts';

interface IntrospectionCredentials {
  readonly parameters: OAuthParameters;
  /** The access token in the Authorization header. Undefined if there is none. */
  readonly presented: PresentedToken | undefined;
  /** Authenticates the client with its own credentials. */
  readonly authenticated: () => Promise<App>;
}

/**
 * Authenticates the caller of the introspection endpoint. A client can use its credentials as at the token endpoint
 * (RFC 7662 §2.1) or one of its access tokens, which SMART App Launch 2.2, Token Introspection, permits for every app.
 * A public app must use an access token, because its client_id proves nothing.
 */
export async function authenticateIntrospection(
  deps: {
    readonly tokens: TokenVerifier;
    readonly clientAuth: { readonly clients: Pick<TtlCache<App>, 'get'> };
  },
  { parameters, presented, authenticated }: IntrospectionCredentials,
): Promise<App> {
  if (presented === undefined) return requireConfidential(await authenticated());
  if (parameters['client_secret'] !== undefined || parameters['client_assertion'] !== undefined) {
    throw invalidRequest('Both an access token and app credentials were sent. Send only one of them.');
  }
  const { clientId } = await deps.tokens.verify(presented);
  if ((parameters['client_id'] ?? clientId) !== clientId) {
    throw invalidRequest(
      'client_id isn’t the app that the access token in the header was issued to. Leave out client_id.',
    );
  }
  const client = await deps.clientAuth.clients.get(clientId);
  if (client !== undefined) return client;
  throw new Problem('invalid_token', { status: 401, message: 'The app of this access token no longer exists.' });
}

function requireConfidential(client: App): App {
  if (client.auth !== 'none') return client;
  throw new Problem('invalid_client', {
    status: 401,
    message:
      'A public app can’t authenticate with its client_id. Send one of its access tokens, as "Authorization: Bearer …".',
  });
}
