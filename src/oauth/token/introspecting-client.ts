import type { PresentedToken, TokenVerifier } from '../../access/index.ts';
import { Problem } from '../../kernel/index.ts';
import type { Parameters } from '../parameters.ts';
import type { Client, Clients } from '../ports.ts';

interface Asking {
  readonly parameters: Parameters;
  /** The access token in the Authorization header. */
  readonly presented: PresentedToken | undefined;
  /** Authenticates with the client's own credentials. */
  readonly authenticated: () => Promise<Client>;
}

/**
 * Authenticates the caller of the introspection endpoint: with client credentials as at the token endpoint (RFC 7662
 * §2.1), or with one of its access tokens, which SMART App Launch 2.2, Token Introspection, permits for every app. A
 * public app must use an access token, because its client_id proves nothing.
 */
export async function introspectingClient(
  deps: { readonly tokens: TokenVerifier; readonly clientAuth: { readonly clients: Clients } },
  { parameters, presented, authenticated }: Asking,
): Promise<Client> {
  if (presented === undefined) return confidential(await authenticated());
  if (parameters['client_secret'] !== undefined || parameters['client_assertion'] !== undefined) {
    throw malformed('Both an access token and credentials of the app were sent. Send one of them.');
  }
  const { clientId } = await deps.tokens.verify(presented);
  if ((parameters['client_id'] ?? clientId) !== clientId) {
    throw malformed('client_id is not of the app that the access token in the header was issued to. Leave it out.');
  }
  const client = await deps.clientAuth.clients.find(clientId);
  if (client !== undefined) return client;
  throw new Problem('invalid_token', { status: 401, message: 'The app of this access token is gone.' });
}

function confidential(client: Client): Client {
  if (client.auth !== 'none') return client;
  throw new Problem('invalid_client', {
    status: 401,
    message:
      'This app is public: its client_id proves nothing. Send an access token of it, as "Authorization: Bearer …".',
  });
}

const malformed = (message: string): Problem => new Problem('invalid_request', { status: 400, message });
