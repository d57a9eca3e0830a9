import { parseScopes, printScopes, type Scope, tooMuchToRegister } from '../../access/index.ts';
import type { Client } from '../ports.ts';
import { KEPT } from './kept.ts';
import type { RegistrationFault, WantedApp } from './registrar.ts';

/** Scopes of an app that registers without any. */
const DEFAULT_SCOPE = 'openid profile fhirUser launch/patient offline_access online_access patient/*.rs';

const AUTH: Readonly<Record<string, Client['auth']>> = {
  client_secret_basic: 'secret',
  client_secret_post: 'secret',
  private_key_jwt: 'private_key_jwt',
  none: 'none',
};

/**
 * Parses client metadata. Unknown members are ignored, unsupported values are replaced, and the response tells the
 * client what was registered. Invalid values are errors, all of which are collected. RFC 7591 §2
 */
export function readMetadata(sent: Readonly<Record<string, unknown>>): {
  readonly wanted: WantedApp;
  readonly faults: readonly RegistrationFault[];
} {
  const faults: RegistrationFault[] = [];
  const addError = (message: string, about: RegistrationFault['about'] = 'metadata') => faults.push({ about, message });
  const read = <Value>(name: string, isIt: (value: unknown) => value is Value, what: string): Value | undefined => {
    const value = sent[name] ?? undefined;
    if (value === undefined || isIt(value)) return value;
    addError(`${name} must be ${what}.`, name === 'redirect_uris' ? 'redirect_uris' : 'metadata');
    return undefined;
  };
  const method = read('token_endpoint_auth_method', isText, 'text') ?? 'client_secret_basic';
  const auth = Object.hasOwn(AUTH, method) ? AUTH[method] : undefined;
  if (auth === undefined) addError(`token_endpoint_auth_method must be one of: ${Object.keys(AUTH).join(', ')}.`);
  if (!(read('grant_types', isTexts, 'an array of text') ?? [CODE]).includes(CODE)) {
    addError('grant_types must hold authorization_code: only apps that patients sign in to register themselves.');
  }
  if (!(read('response_types', isTexts, 'an array of text') ?? ['code']).includes('code')) {
    addError('response_types must hold code: there is no other.');
  }
  const idTokenAlg = read('id_token_signed_response_alg', isText, 'text') ?? 'RS256';
  if (idTokenAlg !== 'RS256' && idTokenAlg !== 'ES256') {
    addError('id_token_signed_response_alg must be RS256 or ES256.');
  }
  const jwks = read('jwks', isObject, 'a JSON Web Key Set');
  const jwksUri = read('jwks_uri', isText, 'an address');
  const informational = Object.entries(KEPT).map(([name, { isIt, what }]) => [name, read(name, isIt, what)] as const);
  const wanted: WantedApp = {
    name: read('client_name', isText, 'text')?.trim() || 'Unnamed app',
    auth: auth ?? 'secret',
    scope: readScope(read('scope', isText, 'text'), addError),
    redirectUris: read('redirect_uris', isTexts, 'an array of addresses') ?? [],
    // Keys that the app doesn't authenticate with are not stored.
    ...(auth === 'private_key_jwt' ? { jwks, jwksUri } : { jwks: undefined, jwksUri: undefined }),
    idTokenAlg: idTokenAlg === 'ES256' ? 'ES256' : 'RS256',
    dpopBound: read('dpop_bound_access_tokens', isBoolean, 'true or false') ?? false,
    metadata: Object.fromEntries([
      ['token_endpoint_auth_method', method],
      ...informational.filter(([, value]) => value),
    ]),
  };
  return { wanted, faults };
}

const CODE = 'authorization_code';

/** Keeps the scopes that can be granted and drops the others. */
function readScope(text: string | undefined, fault: (message: string) => void): string {
  if (text === undefined || text.trim() === '') return DEFAULT_SCOPE;
  const tooMuch = tooMuchToRegister(text);
  if (tooMuch !== undefined) fault(tooMuch);
  const scopes = parseScopes(text).scopes.filter(canBeGranted);
  if (scopes.length === 0)
    fault('scope holds none that an app may register itself for: patient/*.rs, openid, fhirUser …');
  return printScopes(scopes);
}

const canBeGranted = (scope: Scope): boolean =>
  scope.kind === 'named' || (scope.context === 'patient' && /[rs]/.test(scope.permissions));

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
