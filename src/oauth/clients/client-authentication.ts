import { isDeepStrictEqual } from 'node:util';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import {
  type Clock,
  constantTimeEqual,
  minutes,
  Problem,
  sha256,
  type TtlCache,
  ttlCache,
} from '../../kernel/index.ts';
import { createMemoryCounts, type RateLimit } from '../../rate-limit/index.ts';
import type { OAuthParameters } from '../parameters.ts';
import type { OAuthClients } from '../ports.ts';
import { type ClaimedClient, invalidClient, readClaimedClient, toPrintable } from './claimed-credentials.ts';
import {
  type AssertionDeps,
  consumeAssertion,
  usedAssertionProblem,
  type VerifiedAssertion,
  verifyAssertion,
} from './client-assertion.ts';
import { createKeySets } from './key-set.ts';

export { readClaimedClientId } from './claimed-credentials.ts';

export interface ClientAuthenticationDeps extends AssertionDeps {
  /** Client registrations, cached for at most a second. */
  readonly clients: TtlCache<App>;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

/** The parts of a request that may contain client credentials. */
export interface ClientAuthenticationRequest {
  readonly authorization: string | undefined;
  readonly query: unknown;
  readonly body: unknown;
  /** Parameters of query and body together, each with one value. */
  readonly parameters: OAuthParameters;
  /** Network address that the request came from. */
  readonly address: string;
  /**
   * Accepted values of the `aud` claim in a client assertion. They come from the configuration, never from the request.
   */
  readonly audiences: readonly string[];
  /**
   * Client that the submitted refresh token was issued to. The request counts as this client's if it names no client,
   * because a public client may refresh with nothing but the token.
   */
  readonly fallbackClientId?: string | undefined;
}

const WRONG_SIGNATURE_LIMIT: RateLimit = { max: 30, window: minutes(1) };
const MAX_CACHED_CLIENTS = 1000;

/** Creates the caches and limits of `authenticateClient`. Call it once per process. */
export function createClientAuthenticationDeps(options: {
  db: Executor;
  clock: Clock;
  clients: OAuthClients;
  provisionalApps: 'sandbox' | 'inactive';
  trustedJwksHosts: readonly string[];
}): ClientAuthenticationDeps {
  const { trustedJwksHosts: trustedHosts, clients, ...rest } = options;
  return {
    ...rest,
    clients: ttlCache(options.clock, (clientId) => clients.find(clientId), MAX_CACHED_CLIENTS),
    keySets: createKeySets({ clock: options.clock, trustedHosts }),
    failures: createMemoryCounts(options.clock, WRONG_SIGNATURE_LIMIT),
  };
}

/** A client whose credentials are valid. */
export interface VerifiedClient {
  readonly client: App;
  /** The assertion that the client sent. It isn't used up yet. Undefined if the client authenticates without one. */
  readonly assertion: VerifiedAssertion | undefined;
}

/**
 * Authenticates the client of a request, uses up its assertion and returns the client. The assertion is used up last,
 * so that a client that is rejected for another reason can send the same assertion again. Throws `invalid_client` or
 * `unauthorized_client`.
 */
export async function authenticateClient(
  deps: ClientAuthenticationDeps,
  request: ClientAuthenticationRequest,
): Promise<App> {
  const { client, assertion } = await verifyClient(deps, request);
  if (assertion !== undefined && !(await consumeAssertion(deps, assertion))) throw usedAssertionProblem();
  return client;
}

/**
 * Checks the credentials of a request's client. The caller has to use up the assertion, in the statement that does what
 * the client asked for or with `consumeAssertion`. Public clients can't be authenticated; PKCE protects them instead.
 * If a cached client is rejected, its current registration is loaded and checked, so a new secret, a new key or an
 * approval takes effect immediately in every process. A revocation takes effect within a second. Throws
 * `invalid_client` or `unauthorized_client`.
 */
export async function verifyClient(
  deps: ClientAuthenticationDeps,
  request: ClientAuthenticationRequest,
): Promise<VerifiedClient> {
  const claimed = readClaimedClient(request.authorization, request.parameters);
  const clientId = claimed.clientId ?? request.fallbackClientId;
  if (clientId === undefined) {
    throw invalidClient(
      'client_id is missing. Send it in the body, in the query, or with Basic authentication. For introspection, an access token of the app in the header works too.',
    );
  }
  const cached = deps.clients.peek(clientId);
  if (cached === undefined)
    return checkCredentials(deps, await loadClient(deps, clientId, claimed), { claimed, request });
  try {
    return await checkCredentials(deps, cached, { claimed, request });
  } catch (error) {
    // The rate limit rejected this request before its credentials were checked, so a newer registration wouldn't help.
    if (!(error instanceof Problem) || error.retryAfter !== undefined) throw error;
    const client = await loadClient(deps, clientId, claimed);
    if (isDeepStrictEqual(client, cached)) throw error;
    return checkCredentials(deps, client, { claimed, request, isSecondAttempt: true });
  }
}

async function loadClient(
  { clients }: ClientAuthenticationDeps,
  clientId: string,
  { bySubject }: ClaimedClient,
): Promise<App> {
  const client = await clients.refresh(clientId);
  if (client !== undefined) return client;
  throw invalidClient(
    bySubject ? `Unknown client_id in sub of client_assertion: ${toPrintable(clientId)}.` : 'Unknown client_id.',
  );
}

interface ClientAuthenticationAttempt {
  readonly claimed: ClaimedClient;
  readonly request: ClientAuthenticationRequest;
  /** Whether this is the second attempt, which uses the current registration after the cached one was rejected. */
  readonly isSecondAttempt?: boolean;
}

/** Checks the credentials and the state of the app. */
async function checkCredentials(
  deps: ClientAuthenticationDeps,
  client: App,
  attempt: ClientAuthenticationAttempt,
): Promise<VerifiedClient> {
  const assertion = await CREDENTIAL_CHECKS[client.auth](deps, client, attempt);
  requireUsableState(client, deps.provisionalApps);
  return { client, assertion };
}

type CredentialCheck = (
  deps: ClientAuthenticationDeps,
  client: App,
  attempt: ClientAuthenticationAttempt,
) => Promise<VerifiedAssertion> | undefined;

const CREDENTIAL_CHECKS: Readonly<Record<App['auth'], CredentialCheck>> = {
  none(_deps, _client, { claimed: { assertion } }) {
    if (assertion === undefined) return undefined;
    throw invalidClient('This app is registered as public and has no keys. Leave out client_assertion.');
  },

  secret(_deps, client, { claimed: { secret, assertion }, request: { query } }) {
    if (assertion !== undefined) {
      throw invalidClient('This app is registered with a client_secret. Send it instead of client_assertion.');
    }
    if (!client.secretInQuery && hasSecretInQuery(query)) {
      throw invalidClient(
        'client_secret was sent in the URL, which isn’t allowed. Send it in the body or with Basic authentication. Treat this secret as leaked, because URLs are logged.',
      );
    }
    if (secret === undefined)
      throw invalidClient('client_secret is missing. This app is confidential and must send its secret.');
    if (!hasMatchingSecret(client, secret)) throw invalidClient('The client_secret is wrong or has expired.');
    return undefined;
  },

  private_key_jwt(
    deps,
    client,
    { claimed: { secret, assertion }, request: { address, audiences }, isSecondAttempt = false },
  ) {
    if (secret !== undefined) {
      throw invalidClient(
        'This app is registered with keys (private_key_jwt). Send client_assertion instead of client_secret.',
      );
    }
    if (assertion === undefined) {
      throw invalidClient('client_assertion is missing. This app is registered with keys (private_key_jwt).');
    }
    return verifyAssertion(deps, { text: assertion, client, address, audiences, isSecondCheck: isSecondAttempt });
  },
};

const hasSecretInQuery = (query: unknown): boolean =>
  typeof query === 'object' && query !== null && 'client_secret' in query && String(query.client_secret) !== '';

/** Compares the sent secret with all secrets of the app in constant time, without stopping at the first match. */
function hasMatchingSecret(client: App, secret: string): boolean {
  const hash = sha256(secret);
  return client.secretHashes.map((known) => constantTimeEqual(known, hash)).includes(true);
}

function requireUsableState({ state }: App, provisionalApps: 'sandbox' | 'inactive'): void {
  if (state === 'active' || (state === 'provisional' && provisionalApps === 'sandbox')) return;
  const message =
    state === 'provisional' ? 'This app isn’t approved yet.' : `This app is ${state}. It can’t get tokens.`;
  throw new Problem('unauthorized_client', { status: 400, message });
}
