import {
  checkGrantedScopeCount,
  checkRequestedScopeLength,
  checkScopeIntersectionSize,
  printScope,
  type Scope,
} from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import type { Messages } from '../../i18n/index.ts';
import { type Clock, Problem } from '../../kernel/index.ts';
import type { OAuthAddresses } from '../addresses.ts';
import { MAX_REQUEST_LENGTH, type OAuthParameters, type ParsedParameters } from '../parameters.ts';
import type { ClientActivityLog, OAuthClients, ServedTypes } from '../ports.ts';
import { findGrantableScopes } from '../scopes/grantable-scopes.ts';
import { PersonProblem } from './person-problem.ts';
import { findPushedRequest, REQUEST_URI_PREFIX } from './pushed-request-store.ts';
import { RedirectableProblem, type VerifiedRedirect, verifyRedirect } from './redirect-uri.ts';
import { AUTHORIZE_CHECKS, type AuthorizeError } from './request-checks.ts';
import { type ResolvedLaunch, resolveLaunch } from './resolve-launch.ts';

/** An authorization request that has passed all checks. They run before the person signs in. */
export interface AuthorizationRequest {
  readonly client: App;
  readonly redirect: VerifiedRedirect;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  /** PKCE challenge (S256). Undefined if a confidential client sent none. A public client must send one. */
  readonly challenge: string | undefined;
  /**
   * `dpop_jkt`: thumbprint of the key that the authorization code is bound to. Undefined if the app sent none. RFC 9449
   * §10
   */
  readonly dpopJkt: string | undefined;
  /** Scopes that the app gets if the person declines nothing on the consent page. */
  readonly scopes: readonly Scope[];
  /** Whether the app sent no `scope`. Apps written for NextGen's guide send none. */
  readonly scopeOmitted: boolean;
  /** The EHR launch that the request belongs to. Undefined for a standalone launch. */
  readonly launch: ResolvedLaunch | undefined;
  /**
   * Parameters of the authorization request: those that the app pushed (RFC 9126) or, without a pushed request, those
   * of the URL.
   */
  readonly parameters: OAuthParameters;
  /**
   * Parameters as the browser sent them. The form of each page submits them again, and every submission is checked
   * again.
   */
  readonly carried: OAuthParameters;
  /** The `request_uri` of the pushed request (RFC 9126). Undefined if the app didn't push the request. */
  readonly pushed: string | undefined;
}

export interface CheckRequestDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly clients: OAuthClients;
  readonly types: ServedTypes;
  readonly addresses: OAuthAddresses;
  readonly provisionalApps: 'sandbox' | 'inactive';
  readonly log: ClientActivityLog;
}

/**
 * Checks an authorization request. Errors in client or redirect URI throw `PersonProblem`, which is shown on a page.
 * After the redirect URI is verified, errors throw `RedirectableProblem`, which is sent to the app.
 */
export async function checkAuthorizationRequest(
  received: ParsedParameters,
  deps: CheckRequestDeps,
  requestId: string,
): Promise<AuthorizationRequest> {
  requireBoundedLength(received.values);
  const client = await requireKnownClient(received, deps);
  const { read, pushed } = await resolvePushed(received, client, deps);
  const redirect = withRejectionLogged(deps.log, client, requestId, () =>
    verifyRedirect(client, read.unusable.includes('redirect_uri') ? undefined : read.values['redirect_uri']),
  );

  const parameters = read.values;
  const state = parameters['state'];
  const reject = (error: AuthorizeError): never => {
    throw new RedirectableProblem(redirect, state, ...error);
  };
  for (const check of AUTHORIZE_CHECKS) {
    const error = check({ client, parameters, unusable: read.unusable, deps });
    if (error !== undefined) reject(error);
  }
  const launch = await resolveLaunch(deps, client, parameters['launch']);
  if (typeof launch === 'string') return reject(['invalid_request', launch]);
  const scopes = resolveScopes(client, parameters['scope'], launch !== undefined, deps);
  if (typeof scopes === 'string') return reject(['invalid_scope', scopes]);
  return {
    client,
    redirect,
    state,
    nonce: parameters['nonce'],
    challenge: parameters['code_challenge'],
    dpopJkt: parameters['dpop_jkt'],
    scopes,
    scopeOmitted: parameters['scope'] === undefined,
    launch,
    parameters,
    carried: received.values,
    pushed,
  };
}

/** Returns the scopes that may be granted, or an error message if there are none or too many. */
function resolveScopes(
  client: App,
  requested: string | undefined,
  launch: boolean,
  { types }: CheckRequestDeps,
): readonly Scope[] | string {
  const tooMuch =
    checkRequestedScopeLength(requested ?? '') ?? checkScopeIntersectionSize(requested ?? '', client.scope);
  if (tooMuch !== undefined) return tooMuch;
  const scopes = findGrantableScopes(requested, client.scope, types, { kind: client.kind, launch, apis: client.apis });
  // An app that sends no `scope`, as NextGen's guide describes, gets all its registered scopes except `online_access`.
  // The refresh tokens of such apps must not end with the person's session, but those under `online_access` do. An app
  // gets `online_access` only if it requests that scope explicitly.
  const granted = scopes.filter((scope) => requested !== undefined || printScope(scope) !== 'online_access');
  if (granted.length > 0) return checkGrantedScopeCount(granted) ?? granted;
  return requested?.split(' ').includes('launch') === true && !launch
    ? 'The scope launch needs the launch parameter of an EHR launch. A standalone app requests launch/patient.'
    : `None of the requested scopes can be granted. Registered scopes of this app: ${client.scope}`;
}

function requireBoundedLength(parameters: OAuthParameters): void {
  if (new URLSearchParams(parameters).toString().length <= MAX_REQUEST_LENGTH) return;
  throw new PersonProblem('too-large', { status: 414, message: ({ tooLong }) => tooLong(MAX_REQUEST_LENGTH) });
}

async function requireKnownClient(read: ParsedParameters, deps: CheckRequestDeps): Promise<App> {
  const clientId = read.unusable.includes('client_id') ? undefined : read.values['client_id'];
  const client = clientId === undefined ? undefined : await deps.clients.find(clientId);
  if (client !== undefined && USABLE_STATES.includes(client.state) && client.kind !== 'backend') return client;
  throw new PersonProblem('unknown-client', {
    status: 400,
    message: (messages) => unusableAppMessage(messages, client),
  });
}

const USABLE_STATES: readonly App['state'][] = ['active', 'provisional'];

function unusableAppMessage(messages: Messages['consent']['problems'], client: App | undefined): string {
  if (client === undefined) return messages.unknownApp;
  return client.kind === 'backend' ? messages.backendApp(client.name) : messages.unusableApp(client.name);
}

/**
 * Replaces a `request_uri` with the parameters that the app pushed. All other parameters of the URL are then ignored,
 * except `client_id`, which must be that of the pushed request. RFC 9126 §4
 */
async function resolvePushed(
  received: ParsedParameters,
  client: App,
  deps: CheckRequestDeps,
): Promise<{ read: ParsedParameters; pushed: string | undefined }> {
  const requestUri = received.values['request_uri'];
  if (requestUri === undefined || !requestUri.startsWith(REQUEST_URI_PREFIX))
    return { read: received, pushed: undefined };
  const found = await findPushedRequest(deps.db, requestUri);
  if (found?.clientId === client.clientId && found.expiresAt > deps.clock.now()) {
    return { read: { values: found.parameters, unusable: [] }, pushed: requestUri };
  }
  throw new PersonProblem('invalid_request_uri', {
    status: 400,
    message: ({ expiredRequest }) => expiredRequest(client.name),
  });
}

/**
 * Adds a rejected redirect URI to the activity log that the app's developer reads. The person sees the error on a page,
 * and nothing is redirected to the app, so its developer wouldn't notice it otherwise.
 */
function withRejectionLogged<Result>(
  log: ClientActivityLog,
  client: App,
  requestId: string,
  work: () => Result,
): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) {
      const { code, status, message, detail: cause = message } = error;
      const entry = { endpoint: 'authorize', error: code, cause, status, requestId, proved: false } as const;
      log.logError({ clientId: client.clientId, ...entry });
    }
    throw error;
  }
}
