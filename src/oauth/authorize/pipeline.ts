import type { Scope } from '../../access/index.ts';
import { Problem } from '../../kernel/index.ts';
import type { Addresses } from '../addresses.ts';
import { LONGEST_REQUEST, LONGEST_SCOPE, type Parameters, type ReadParameters, unusableText } from '../parameters.ts';
import type { Client, Clients, ServedTypes } from '../ports.ts';
import { grantable } from '../scopes.ts';
import { type AuthorizeErrorCode, RedirectableProblem, type VerifiedRedirect, verifyRedirect } from './redirect.ts';

/** An authorization request that passed every check that needs no person. */
export interface AuthorizationRequest {
  readonly client: Client;
  readonly redirect: VerifiedRedirect;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  /** PKCE, S256; undefined for a confidential client that sent none. */
  readonly challenge: string | undefined;
  /** What may be granted, before the patient chooses. */
  readonly scopes: readonly Scope[];
  /** No `scope` was asked for: the guide's way. */
  readonly guide: boolean;
  readonly parameters: Parameters;
}

export interface PipelineDeps {
  readonly clients: Clients;
  readonly types: ServedTypes;
  readonly addresses: Addresses;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

/** What the checks of the second half see; a fault found by one goes to the client by redirect. */
interface Checked {
  readonly client: Client;
  readonly parameters: Parameters;
  readonly unusable: readonly string[];
  readonly deps: PipelineDeps;
}
type Fault = readonly [code: AuthorizeErrorCode, message: string];
type Check = (request: Checked) => Fault | undefined;

/** In this order, after client and redirect URI. The order is part of the security: read it as one list. */
const CHECKS: readonly Check[] = [
  clientMayAsk,
  everythingUsable,
  responseTypeIsCode,
  responseModeIsQuery,
  pkceIsSound,
  audienceIsOurs,
  promptCanBeHonoured,
];

/** First half: nothing may be redirected yet, each fault is a page. Second half: each fault is a redirect. */
export async function checkRequest(read: ReadParameters, deps: PipelineDeps): Promise<AuthorizationRequest> {
  refuseEndless(read.values);
  const client = await knownClient(read, deps);
  const redirect = verifyRedirect(
    client,
    read.unusable.includes('redirect_uri') ? undefined : read.values['redirect_uri'],
  );

  const parameters = read.values;
  const state = parameters['state'];
  const refuse = (fault: Fault): never => {
    throw new RedirectableProblem(redirect, state, ...fault);
  };
  const request: Checked = { client, parameters, unusable: read.unusable, deps };
  for (const check of CHECKS) {
    const fault = check(request);
    if (fault !== undefined) refuse(fault);
  }
  if ((parameters['scope']?.length ?? 0) > LONGEST_SCOPE)
    refuse(['invalid_scope', `scope is longer than ${LONGEST_SCOPE} characters.`]);
  const scopes = grantable(parameters['scope'], client.scope, deps.types);
  if (scopes.length === 0) {
    refuse([
      'invalid_scope',
      'None of these scopes can be granted: the app did not register them, or they are no scopes of this server.',
    ]);
  }
  return {
    client,
    redirect,
    state,
    nonce: parameters['nonce'],
    challenge: parameters['code_challenge'],
    scopes,
    guide: parameters['scope'] === undefined,
    parameters,
  };
}

function refuseEndless(parameters: Parameters): void {
  if (new URLSearchParams(parameters).toString().length <= LONGEST_REQUEST) return;
  throw new Problem('too-large', {
    status: 414,
    message: `The app’s request is too long. Its developer must keep all parameters together within ${LONGEST_REQUEST} characters.`,
  });
}

async function knownClient(read: ReadParameters, deps: PipelineDeps): Promise<Client> {
  const clientId = read.unusable.includes('client_id') ? undefined : read.values['client_id'];
  const client = clientId === undefined ? undefined : await deps.clients.find(clientId);
  if (client !== undefined && client.state !== 'suspended' && client.state !== 'retired') return client;
  throw new Problem('unknown-client', {
    status: 400,
    message:
      client === undefined
        ? 'The app that sent you here is not known to this server. Its developer must send the client_id it was given at registration.'
        : `The app "${client.name}" can't be used at present. Nothing was shared with it.`,
  });
}

function clientMayAsk({ client, deps }: Checked): Fault | undefined {
  const waits = client.state === 'provisional' && deps.provisionalApps === 'inactive';
  if (!waits && client.state !== 'rejected') return undefined;
  return [
    'unauthorized_client',
    'This app is not approved. Its credentials become active when an administrator approves it.',
  ];
}

function everythingUsable({ unusable }: Checked): Fault | undefined {
  return unusable.length === 0 ? undefined : ['invalid_request', unusableText(unusable)];
}

function responseTypeIsCode({ parameters }: Checked): Fault | undefined {
  const type = parameters['response_type'];
  if (type === 'code') return undefined;
  if (type === undefined) return ['invalid_request', 'response_type is missing. Send response_type=code.'];
  return ['unsupported_response_type', 'This server answers with a code only. Send response_type=code.'];
}

function responseModeIsQuery({ parameters }: Checked): Fault | undefined {
  const mode = parameters['response_mode'];
  if (mode === undefined || mode === 'query') return undefined;
  return [
    'invalid_request',
    'This server answers in the query only. Leave response_mode out or send response_mode=query.',
  ];
}

/** RFC 7636 §4.4.1, SMART App Launch 2.2 §2.0.5: S256 only; a public client can't do without. */
function pkceIsSound({ client, parameters }: Checked): Fault | undefined {
  const { code_challenge: challenge, code_challenge_method: method } = parameters;
  if (challenge === undefined && method === undefined) {
    if (client.confidential) return undefined;
    return [
      'invalid_request',
      'This app is public, so it must use PKCE. Send code_challenge and code_challenge_method=S256.',
    ];
  }
  if (method !== 'S256')
    return ['invalid_request', 'Send code_challenge_method=S256. The plain method is not accepted.'];
  if (challenge !== undefined && /^[\w-]{43}$/.test(challenge)) return undefined;
  return [
    'invalid_request',
    'code_challenge must be the SHA-256 of the code_verifier in base64url: 43 characters without padding.',
  ];
}

/** SMART App Launch 2.2 §2.1.5. Absent is accepted; present and wrong never yields a code. */
function audienceIsOurs({ client, parameters, deps }: Checked): Fault | undefined {
  const audience = parameters['aud'];
  if (audience === undefined) return undefined;
  const asked = audience.replace(/\/$/, '').toLowerCase();
  if (client.apis.some((api) => deps.addresses.fhir[api].toLowerCase() === asked)) return undefined;
  const bases = client.apis.map((api) => deps.addresses.fhir[api]).join(' or ');
  return ['invalid_request', `aud is not a FHIR base address that this app has added. Leave it out, or send ${bases}.`];
}

/** OpenID Connect Core §3.1.2.1: consent is shown at every authorize, so nothing can go without a person. */
function promptCanBeHonoured({ parameters }: Checked): Fault | undefined {
  if (parameters['prompt']?.split(' ').includes('none') !== true) return undefined;
  return ['interaction_required', 'The patient is asked at every authorize. Leave prompt=none out.'];
}
