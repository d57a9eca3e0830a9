import { isDeepStrictEqual } from 'node:util';
import type { Executor } from '../../database/index.ts';
import { type Clock, minutes, Problem, type Recent, recent, sameBytes, sha256 } from '../../kernel/index.ts';
import type { Parameters } from '../parameters.ts';
import type { Client, Clients } from '../ports.ts';
import { type AssertionDeps, type CheckedAssertion, useAssertion, verifyAssertion } from './assertion.ts';
import { type ClaimedClient, readClaimedClient, refusal, shown } from './claims.ts';
import { openKeySets } from './key-set.ts';
import { rateLimit } from './rate-limit.ts';

export { claimedClientId } from './claims.ts';

export interface ClientAuthDeps extends AssertionDeps {
  /** Client registrations, cached for at most a second. */
  readonly clients: Recent<Client>;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

/** A request to an endpoint with client authentication. */
export interface PresentedClient {
  readonly authorization: string | undefined;
  readonly query: unknown;
  readonly body: unknown;
  /** Query and body together. */
  readonly parameters: Parameters;
  /** Network address of the sender. */
  readonly address: string;
  /** Accepted audiences of an assertion. They come from the configuration, never from the request. */
  readonly audiences: readonly string[];
  /** Client of the submitted refresh token. Public clients may refresh with nothing but the token. */
  readonly fallbackClientId?: string | undefined;
}

const MOST_WRONG_SIGNATURES = 30;
const MOST_REMEMBERED = 1000;

/** Creates the caches and limits of `authenticateClient`. Call it once per process. */
export function clientAuthDeps(parts: {
  db: Executor;
  clock: Clock;
  clients: Clients;
  provisionalApps: 'sandbox' | 'inactive';
  trustedJwksHosts: readonly string[];
}): ClientAuthDeps {
  const { trustedJwksHosts: trustedHosts, clients, ...rest } = parts;
  return {
    ...rest,
    clients: recent(parts.clock, (clientId) => clients.find(clientId), MOST_REMEMBERED),
    keySets: openKeySets({ clock: parts.clock, trustedHosts }),
    failures: rateLimit(parts.clock, { most: MOST_WRONG_SIGNATURES, within: minutes(1) }),
  };
}

/**
 * Authenticates the client of a request and returns it. Public clients can't be authenticated; PKCE protects them
 * instead. If a cached client is rejected, its current registration is loaded and checked, so a new secret, a new key
 * or an approval takes effect at once in every process. A revocation takes effect within a second. Throws
 * `invalid_client` or `unauthorized_client`.
 */
export async function authenticateClient(deps: ClientAuthDeps, request: PresentedClient): Promise<Client> {
  const claimed = readClaimedClient(request.authorization, request.parameters);
  const clientId = claimed.clientId ?? request.fallbackClientId;
  if (clientId === undefined) {
    throw refusal(
      'client_id is missing. Send it in the body, in the query, or with Basic authentication; to ask about a token, an access token of the app in the header does as well.',
    );
  }
  const cached = deps.clients.remembered(clientId);
  if (cached === undefined) return admitted(deps, await known(deps, clientId, claimed), { claimed, request });
  try {
    return await admitted(deps, cached, { claimed, request });
  } catch (error) {
    // A rate-limited request was rejected without looking at its credentials.
    if (!(error instanceof Problem) || error.retryAfter !== undefined) throw error;
    const client = await known(deps, clientId, claimed);
    if (isDeepStrictEqual(client, cached)) throw error;
    return admitted(deps, client, { claimed, request, again: true });
  }
}

async function known({ clients }: ClientAuthDeps, clientId: string, { bySubject }: ClaimedClient): Promise<Client> {
  const client = await clients.ask(clientId);
  if (client !== undefined) return client;
  throw refusal(
    bySubject
      ? `sub of client_assertion is ${shown(clientId)}, which is no client_id known here.`
      : 'This client_id is not known here.',
  );
}

interface Attempt {
  readonly claimed: ClaimedClient;
  readonly request: PresentedClient;
  /** Second attempt with the current registration, which differs from the cached one. */
  readonly again?: boolean;
}

/** Consumes the assertion last, so that a client which is rejected for another reason can send it again. */
async function admitted(deps: ClientAuthDeps, client: Client, attempt: Attempt): Promise<Client> {
  const assertion = await PROOFS[client.auth](deps, client, attempt);
  requireUsable(client, deps.provisionalApps);
  if (assertion !== undefined) await useAssertion(deps, assertion);
  return client;
}

type Proof = (deps: ClientAuthDeps, client: Client, attempt: Attempt) => Promise<CheckedAssertion> | undefined;

const PROOFS: Readonly<Record<Client['auth'], Proof>> = {
  none(_deps, _client, { claimed: { assertion } }) {
    if (assertion === undefined) return undefined;
    throw refusal('This app is registered as public: it has no keys. Leave out client_assertion.');
  },

  secret(_deps, client, { claimed: { secret, assertion }, request: { query } }) {
    if (assertion !== undefined) {
      throw refusal('This app is registered with a client_secret. Send that instead of client_assertion.');
    }
    if (!client.secretInQuery && carriesSecret(query)) {
      throw refusal(
        'client_secret came in the address of the request, which this app may not do. Send it in the body or with Basic authentication, and treat this secret as leaked: addresses are written to logs.',
      );
    }
    if (secret === undefined) throw refusal('client_secret is missing. This app is confidential: send its secret.');
    if (!holdsSecret(client, secret)) throw refusal('client_secret is not a secret of this app, or it has expired.');
    return undefined;
  },

  private_key_jwt(deps, client, { claimed: { secret, assertion }, request: { address, audiences }, again = false }) {
    if (secret !== undefined) {
      throw refusal(
        'This app is registered with keys (private_key_jwt). Send client_assertion instead of client_secret.',
      );
    }
    if (assertion === undefined) {
      throw refusal('client_assertion is missing. This app is registered with keys (private_key_jwt).');
    }
    return verifyAssertion(deps, { text: assertion, client, address, audiences, again });
  },
};

const carriesSecret = (query: unknown): boolean =>
  typeof query === 'object' && query !== null && 'client_secret' in query && String(query.client_secret) !== '';

/** Compares all secrets in constant time, without stopping at the first match. */
function holdsSecret(client: Client, secret: string): boolean {
  const hash = sha256(secret);
  return client.secretHashes.map((known) => sameBytes(known, hash)).includes(true);
}

function requireUsable({ state }: Client, provisionalApps: 'sandbox' | 'inactive'): void {
  if (state === 'active' || (state === 'provisional' && provisionalApps === 'sandbox')) return;
  const message =
    state === 'provisional' ? 'This app is not approved yet.' : `This app is ${state}. It can't get tokens.`;
  throw new Problem('unauthorized_client', { status: 400, message });
}
