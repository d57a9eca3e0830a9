import { printScope, type Scope, tooManyToGrant, tooMuchToAsk, tooMuchToMeet } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import { type Clock, Problem } from '../../kernel/index.ts';
import type { Words } from '../../words/index.ts';
import type { Addresses } from '../addresses.ts';
import { findPushed, REQUEST_URI } from '../par/store.ts';
import { LONGEST_REQUEST, type Parameters, type ReadParameters } from '../parameters.ts';
import type { AppLog, Client, Clients, ServedTypes } from '../ports.ts';
import { grantable } from '../scopes.ts';
import { CHECKS, type Fault } from './checks.ts';
import { type KnownLaunch, launchOf } from './known-launch.ts';
import { PersonProblem } from './person-problem.ts';
import { RedirectableProblem, type VerifiedRedirect, verifyRedirect } from './redirect.ts';

/** An authorization request that passed all checks before sign-in. */
export interface AuthorizationRequest {
  readonly client: Client;
  readonly redirect: VerifiedRedirect;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  /** PKCE challenge (S256). Undefined for a confidential client that sent none. */
  readonly challenge: string | undefined;
  /** RFC 9449 §10: thumbprint of the key that the code is bound to. */
  readonly dpopJkt: string | undefined;
  /** Scopes that may be granted, before the person decides. */
  readonly scopes: readonly Scope[];
  /** The app sent no `scope`, as NextGen's guide describes. */
  readonly guide: boolean;
  /** EHR launch. Undefined for a standalone launch. */
  readonly launch: KnownLaunch | undefined;
  /** Parameters of the authorization request: the pushed ones, or those of the URL. */
  readonly parameters: Parameters;
  /** Parameters that the pages send along. Each step checks them again. */
  readonly carried: Parameters;
  /** RFC 9126: the `request_uri` of a pushed request. */
  readonly pushed: string | undefined;
}

export interface PipelineDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly clients: Clients;
  readonly types: ServedTypes;
  readonly addresses: Addresses;
  readonly provisionalApps: 'sandbox' | 'inactive';
  readonly log: AppLog;
}

/**
 * Checks an authorization request. Errors in client or redirect URI throw `PersonProblem`, which is shown on a page.
 * After the redirect URI is verified, errors throw `RedirectableProblem`, which is sent to the app.
 */
export async function checkRequest(
  received: ReadParameters,
  deps: PipelineDeps,
  requestId: string,
): Promise<AuthorizationRequest> {
  refuseEndless(received.values);
  const client = await knownClient(received, deps);
  const { read, pushed } = await resolvePushed(received, client, deps);
  const redirect = logged(deps.log, client, requestId, () =>
    verifyRedirect(client, read.unusable.includes('redirect_uri') ? undefined : read.values['redirect_uri']),
  );

  const parameters = read.values;
  const state = parameters['state'];
  const reject = (fault: Fault): never => {
    throw new RedirectableProblem(redirect, state, ...fault);
  };
  for (const check of CHECKS) {
    const error = check({ client, parameters, unusable: read.unusable, deps });
    if (error !== undefined) reject(error);
  }
  const launch = await launchOf(deps, client, parameters['launch']);
  if (typeof launch === 'string') return reject(['invalid_request', launch]);
  const scopes = scopesOf(client, parameters['scope'], launch !== undefined, deps);
  if (typeof scopes === 'string') return reject(['invalid_scope', scopes]);
  return {
    client,
    redirect,
    state,
    nonce: parameters['nonce'],
    challenge: parameters['code_challenge'],
    dpopJkt: parameters['dpop_jkt'],
    scopes,
    guide: parameters['scope'] === undefined,
    launch,
    parameters,
    carried: received.values,
    pushed,
  };
}

/** Scopes that may be granted, or an error message if none may. */
function scopesOf(
  client: Client,
  requested: string | undefined,
  launch: boolean,
  { types }: PipelineDeps,
): readonly Scope[] | string {
  const tooMuch = tooMuchToAsk(requested ?? '') ?? tooMuchToMeet(requested ?? '', client.scope);
  if (tooMuch !== undefined) return tooMuch;
  const scopes = grantable(requested, client.scope, types, { kind: client.kind, launch, apis: client.apis });
  // `online_access` must be requested explicitly. Apps that send no scope, as NextGen's guide describes, have lifetimes
  // of their own.
  const granted = scopes.filter((scope) => requested !== undefined || printScope(scope) !== 'online_access');
  if (granted.length > 0) return tooManyToGrant(granted) ?? granted;
  return requested?.split(' ').includes('launch') === true && !launch
    ? 'The scope launch needs the launch parameter of an EHR launch. An app that is opened by itself asks for launch/patient.'
    : `None of these scopes can be granted: this app has registered ${client.scope}`;
}

function refuseEndless(parameters: Parameters): void {
  if (new URLSearchParams(parameters).toString().length <= LONGEST_REQUEST) return;
  throw new PersonProblem('too-large', { status: 414, tell: ({ tooLong }) => tooLong(LONGEST_REQUEST) });
}

async function knownClient(read: ReadParameters, deps: PipelineDeps): Promise<Client> {
  const clientId = read.unusable.includes('client_id') ? undefined : read.values['client_id'];
  const client = clientId === undefined ? undefined : await deps.clients.find(clientId);
  if (client !== undefined && USABLE.includes(client.state) && client.kind !== 'backend') return client;
  throw new PersonProblem('unknown-client', { status: 400, tell: (messages) => unusable(messages, client) });
}

const USABLE: readonly Client['state'][] = ['active', 'provisional'];

function unusable(messages: Words['consent']['problems'], client: Client | undefined): string {
  if (client === undefined) return messages.unknownApp;
  return client.kind === 'backend' ? messages.backendApp(client.name) : messages.unusableApp(client.name);
}

/** RFC 9126 §4: only the pushed parameters count. Parameters beside `request_uri` are ignored. */
async function resolvePushed(
  received: ReadParameters,
  client: Client,
  deps: PipelineDeps,
): Promise<{ read: ReadParameters; pushed: string | undefined }> {
  const requestUri = received.values['request_uri'];
  if (requestUri === undefined || !requestUri.startsWith(REQUEST_URI)) return { read: received, pushed: undefined };
  const found = await findPushed(deps.db, requestUri);
  if (found?.clientId === client.clientId && found.expiresAt > deps.clock.now()) {
    return { read: { values: found.parameters, unusable: [] }, pushed: requestUri };
  }
  throw new PersonProblem('invalid_request_uri', {
    status: 400,
    tell: ({ expiredRequest }) => expiredRequest(client.name),
  });
}

/**
 * A wrong redirect URI is shown on a page, so the redirect can't tell the developer. This adds the details to the
 * activity log of the app.
 */
function logged<Result>(log: AppLog, client: Client, requestId: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) {
      const { code, status, message, detail: cause = message } = error;
      const entry = { endpoint: 'authorize', error: code, cause, status, requestId, proved: false } as const;
      log.refused({ clientId: client.clientId, ...entry });
    }
    throw error;
  }
}
