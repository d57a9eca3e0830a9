import { checkRegisteredScopes, parseScopes, printScopes, type Scope } from '../../access/index.ts';
import type { App, ClientMetadata } from '../../domain/index.ts';
import { isObject } from '../../kernel/index.ts';
import type { RegistrationError } from './client-registrar.ts';
import { INFORMATIONAL_METADATA } from './informational-metadata.ts';

/** Scopes of an app that requests none in its registration. */
const DEFAULT_SCOPE = 'openid profile fhirUser launch/patient offline_access online_access patient/*.rs';

const AUTH_BY_METHOD: Readonly<Record<string, App['auth']>> = {
  client_secret_basic: 'secret',
  client_secret_post: 'secret',
  private_key_jwt: 'private_key_jwt',
  none: 'none',
};

/**
 * Parses client metadata (RFC 7591 §2). Unknown members are ignored and unsupported values are replaced; the response
 * tells the client what was registered. Invalid values are errors, and all errors are collected.
 */
export function parseClientMetadata(sent: Readonly<Record<string, unknown>>): {
  readonly wanted: ClientMetadata;
  readonly errors: readonly RegistrationError[];
} {
  const errors: RegistrationError[] = [];
  const addError = (message: string, about: RegistrationError['about'] = 'metadata') => errors.push({ about, message });
  const read = <Value>(name: string, isIt: (value: unknown) => value is Value, what: string): Value | undefined => {
    const value = sent[name] ?? undefined;
    if (value === undefined || isIt(value)) return value;
    addError(`${name} must be ${what}.`, name === 'redirect_uris' ? 'redirect_uris' : 'metadata');
    return undefined;
  };
  const method = read('token_endpoint_auth_method', isText, 'text') ?? 'client_secret_basic';
  const auth = Object.hasOwn(AUTH_BY_METHOD, method) ? AUTH_BY_METHOD[method] : undefined;
  if (auth === undefined)
    addError(`token_endpoint_auth_method must be one of: ${Object.keys(AUTH_BY_METHOD).join(', ')}.`);
  if (!(read('grant_types', isTextArray, 'an array of strings') ?? [AUTHORIZATION_CODE]).includes(AUTHORIZATION_CODE)) {
    addError(
      'grant_types must include authorization_code. Only apps that patients sign in to can register themselves.',
    );
  }
  if (!(read('response_types', isTextArray, 'an array of strings') ?? ['code']).includes('code')) {
    addError('response_types must include code, the only supported response type.');
  }
  const idTokenAlg = read('id_token_signed_response_alg', isText, 'text') ?? 'RS256';
  if (idTokenAlg !== 'RS256' && idTokenAlg !== 'ES256') {
    addError('id_token_signed_response_alg must be RS256 or ES256.');
  }
  const jwks = read('jwks', isObjectOrArray, 'a JSON Web Key Set');
  const jwksUri = read('jwks_uri', isText, 'a URL');
  const informational = Object.entries(INFORMATIONAL_METADATA).map(
    ([name, { isValid, description }]) => [name, read(name, isValid, description)] as const,
  );
  const wanted: ClientMetadata = {
    name: read('client_name', isText, 'text')?.trim() || 'Unnamed app',
    auth: auth ?? 'secret',
    scope: parseRegisteredScope(read('scope', isText, 'text'), addError),
    redirectUris: read('redirect_uris', isTextArray, 'an array of URLs') ?? [],
    // Keys are stored only if the app authenticates with them.
    ...(auth === 'private_key_jwt' ? { jwks, jwksUri } : { jwks: undefined, jwksUri: undefined }),
    idTokenAlg: idTokenAlg === 'ES256' ? 'ES256' : 'RS256',
    dpopBound: read('dpop_bound_access_tokens', isBoolean, 'true or false') ?? false,
    metadata: Object.fromEntries([
      ['token_endpoint_auth_method', method],
      ...informational.filter(([, value]) => value),
    ]),
  };
  return { wanted, errors };
}

const AUTHORIZATION_CODE = 'authorization_code';

/**
 * Returns the scopes that a self-registered app can be granted and drops the others. Reports an error if none are left.
 */
function parseRegisteredScope(text: string | undefined, reportError: (message: string) => void): string {
  if (text === undefined || text.trim() === '') return DEFAULT_SCOPE;
  const tooMuch = checkRegisteredScopes(text);
  if (tooMuch !== undefined) reportError(tooMuch);
  const scopes = parseScopes(text).scopes.filter(canBeGranted);
  if (scopes.length === 0)
    reportError('scope contains no scope that an app can register itself for: patient/*.rs, openid, fhirUser …');
  return printScopes(scopes);
}

const canBeGranted = (scope: Scope): boolean =>
  scope.kind === 'named' || (scope.context === 'patient' && /[rs]/.test(scope.permissions));

const isText = (value: unknown): value is string => typeof value === 'string';
const isTextArray = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
/**
 * Accepts an object or array as a key set. An array isn't valid, but a later check of the keys explains that error
 * better.
 */
const isObjectOrArray = (value: unknown): value is object => isObject(value) || Array.isArray(value);
