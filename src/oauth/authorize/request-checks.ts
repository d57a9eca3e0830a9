import type { App } from '../../domain/index.ts';
import type { OAuthAddresses } from '../addresses.ts';
import { type OAuthParameters, unusableParametersMessage } from '../parameters.ts';
import { findAudienceApi } from './audience.ts';
import type { AuthorizeErrorCode } from './redirect-uri.ts';

/**
 * Input of the checks that run after the redirect URI is verified. Errors of these checks are sent to the client by
 * redirect or, for a pushed request (RFC 9126), in the response to it.
 */
export interface AuthorizeCheckInput {
  readonly client: App;
  readonly parameters: OAuthParameters;
  readonly unusable: readonly string[];
  readonly deps: { readonly addresses: OAuthAddresses; readonly provisionalApps: 'sandbox' | 'inactive' };
}
export type AuthorizeError = readonly [code: AuthorizeErrorCode, message: string];
type AuthorizeCheck = (request: AuthorizeCheckInput) => AuthorizeError | undefined;

/**
 * Checks of an authorization request that run after client and redirect URI are verified. They run in this order, and
 * the first error is sent to the app. The order matters for security, so all checks are in one list.
 */
export const AUTHORIZE_CHECKS: readonly AuthorizeCheck[] = [
  checkClientApproved,
  checkParametersUsable,
  checkNoRequestObject,
  checkResponseType,
  checkResponseMode,
  checkPkce,
  checkDpopKey,
  checkAudience,
  checkPrompt,
  checkMaxAge,
];

function checkClientApproved({ client, deps }: AuthorizeCheckInput): AuthorizeError | undefined {
  if (client.state !== 'provisional' || deps.provisionalApps !== 'inactive') return undefined;
  return [
    'unauthorized_client',
    'This app isn’t approved. Its credentials become active when an administrator approves it.',
  ];
}

function checkParametersUsable({ unusable }: AuthorizeCheckInput): AuthorizeError | undefined {
  return unusable.length === 0 ? undefined : ['invalid_request', unusableParametersMessage(unusable)];
}

/**
 * Rejects request objects (JWTs, OpenID Connect Core §6), which are not supported. A `request_uri` that the app pushed
 * has already been resolved.
 */
function checkNoRequestObject({ parameters }: AuthorizeCheckInput): AuthorizeError | undefined {
  if (parameters['request'] !== undefined) {
    return [
      'request_not_supported',
      'Request objects (request) are not supported. Send separate parameters, or push them (RFC 9126).',
    ];
  }
  if (parameters['request_uri'] === undefined) return undefined;
  return ['request_uri_not_supported', 'Unknown request_uri. Use a request_uri that this server issued (RFC 9126).'];
}

function checkResponseType({ parameters }: AuthorizeCheckInput): AuthorizeError | undefined {
  const type = parameters['response_type'];
  if (type === 'code') return undefined;
  if (type === undefined) return ['invalid_request', 'response_type is missing. Send response_type=code.'];
  return ['unsupported_response_type', 'Unsupported response_type. Send response_type=code.'];
}

function checkResponseMode({ parameters }: AuthorizeCheckInput): AuthorizeError | undefined {
  const mode = parameters['response_mode'];
  if (mode === undefined || mode === 'query') return undefined;
  return ['invalid_request', 'Unsupported response_mode. Leave it out or send response_mode=query.'];
}

/**
 * Checks the PKCE parameters: only S256 is accepted, and public clients must use PKCE. RFC 7636 §4.4.1, SMART App
 * Launch 2.2 §2.0.5
 */
function checkPkce({ client, parameters }: AuthorizeCheckInput): AuthorizeError | undefined {
  const { code_challenge: challenge, code_challenge_method: method } = parameters;
  if (challenge === undefined && method === undefined) {
    if (client.auth !== 'none') return undefined;
    return ['invalid_request', 'Public apps must use PKCE. Send code_challenge and code_challenge_method=S256.'];
  }
  if (method !== 'S256')
    return [
      'invalid_request',
      'Unsupported code_challenge_method. Send code_challenge_method=S256; plain isn’t accepted.',
    ];
  if (challenge !== undefined && /^[\w-]{43}$/.test(challenge)) return undefined;
  return [
    'invalid_request',
    'code_challenge must be the SHA-256 hash of the code_verifier in base64url: 43 characters, no padding.',
  ];
}

/** RFC 9449 §10: `dpop_jkt` must have the form of a SHA-256 thumbprint. */
function checkDpopKey({ parameters }: AuthorizeCheckInput): AuthorizeError | undefined {
  const { dpop_jkt: jkt } = parameters;
  if (jkt === undefined || /^[\w-]{43}$/.test(jkt)) return undefined;
  return ['invalid_request', 'dpop_jkt must be the SHA-256 thumbprint (RFC 7638) of a key in base64url.'];
}

/**
 * Checks that `aud` is the base URL of a FHIR API that the app has added (SMART App Launch 2.2 §2.1.5). A missing `aud`
 * is accepted unless the app registered to require it. A wrong `aud` is always an error.
 */
function checkAudience({ client, parameters, deps }: AuthorizeCheckInput): AuthorizeError | undefined {
  const audience = parameters['aud'];
  const bases = client.apis.map((api) => deps.addresses.fhir[api]);
  if (audience === undefined) {
    if (!client.requireAud) return undefined;
    return ['invalid_request', `aud is missing, and this app is registered to require it. Send ${bases.join(' or ')}.`];
  }
  if (findAudienceApi(client, audience, deps.addresses) !== undefined) return undefined;
  return [
    'invalid_request',
    `aud is not the base URL of a FHIR API that this app has added. Send ${bases.join(' or ')}.`,
  ];
}

/** OpenID Connect Core §3.1.2.1: `prompt=none` can't be combined with another value. */
function checkPrompt({ parameters }: AuthorizeCheckInput): AuthorizeError | undefined {
  const prompts = (parameters['prompt'] ?? '').split(' ').filter(Boolean);
  if (!prompts.includes('none') || prompts.length === 1) return undefined;
  return ['invalid_request', 'prompt=none can’t be combined with other prompt values.'];
}

function checkMaxAge({ parameters }: AuthorizeCheckInput): AuthorizeError | undefined {
  const maxAge = parameters['max_age'];
  if (maxAge === undefined || /^\d{1,9}$/.test(maxAge)) return undefined;
  return ['invalid_request', 'max_age must be a number of seconds.'];
}
