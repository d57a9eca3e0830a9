import { APIS } from '../../access/index.ts';
import type { AppTerms } from '../../domain/index.ts';
import { type AppIssue, appIssue } from './app-issue.ts';
import { checkKeySet, checkKeySetUri } from './check-key-set.ts';
import { checkAppName } from './check-name.ts';
import { checkLaunchUri, checkRedirectUri } from './check-redirect-uri.ts';
import { checkAppScopes } from './check-scopes.ts';

/** An error in one field of the terms of an app, with a message that says how to fix it. */
export interface AppFieldIssue extends AppIssue {
  /** Selects the error code of RFC 7591 §3.2.2: `invalid_redirect_uri` or `invalid_client_metadata`. */
  readonly about: 'redirect_uris' | 'metadata';
  /** Path of the invalid field in `AppTerms`, such as `redirectUris.0`. */
  readonly field: string;
}

const MAX_REDIRECTS = 50;

/** Returns all errors in the terms of an app. @param trustedHosts hosts whose key sets may be fetched over http */
export function checkAppTerms(terms: AppTerms, trustedHosts: readonly string[]): readonly AppFieldIssue[] {
  return [
    ...checkRedirectUris(terms),
    ...checkAppName(terms.name).map(atField('name')),
    ...checkDeveloper(terms).map(atField('developer')),
    ...(terms.apis.length === 0 ? [atField('apis')(appIssue('apis-missing', NO_API))] : []),
    ...checkAppScopes(terms.kind, terms.scope).map(atField('scope')),
    ...checkKeys(terms, trustedHosts),
    ...checkKind(terms),
  ];
}

const NO_API = `An app needs at least one API: ${Object.keys(APIS).join(', ')}.`;

/** Returns a function that converts an error to an error of the given field. */
const atField =
  (field: string) =>
  (wrong: AppIssue): AppFieldIssue => ({
    about: field.startsWith('redirectUris') ? 'redirect_uris' : 'metadata',
    field,
    ...wrong,
  });

function checkDeveloper({ developer, verifiedAt }: AppTerms): readonly AppIssue[] {
  if (developer !== null) return checkAppName(developer, 'The name of an app’s developer');
  if (verifiedAt === null) return [];
  return [appIssue('developer-missing', 'The app has no developer name, so the developer can’t be verified.')];
}

function checkRedirectUris({ kind, redirectUris }: AppTerms): readonly AppFieldIssue[] {
  const whole = atField('redirectUris');
  const none = redirectUris.length === 0;
  if (kind === 'backend') return none ? [] : [whole(appIssue('redirects-of-backend', NO_REDIRECT_FOR_BACKEND))];
  if (none) return [whole(appIssue('redirects-missing', 'An app needs at least one redirect URI.'))];
  if (redirectUris.length > MAX_REDIRECTS) {
    const message = `An app can have at most ${MAX_REDIRECTS} redirect URIs.`;
    return [whole(appIssue('redirects-too-many', message, { most: String(MAX_REDIRECTS) }))];
  }
  return redirectUris.flatMap((uri, index) =>
    [checkRedirectUri(uri) ?? []].flat().map(atField(`redirectUris.${index}`)),
  );
}

const NO_REDIRECT_FOR_BACKEND = 'A backend app has no user who signs in. Remove its redirect URI.';

function checkKeys({ auth, jwks, jwksUri }: AppTerms, trustedHosts: readonly string[]): readonly AppFieldIssue[] {
  const given = [jwks, jwksUri].filter((one) => one !== undefined).length;
  if (auth !== 'private_key_jwt') {
    if (given === 0) return [];
    return [atField('auth')(appIssue('keys-not-used', 'Only apps that use private_key_jwt have keys.'))];
  }
  if (given !== 1) {
    const message = 'An app that uses private_key_jwt needs either a key set or its URL.';
    return [atField('jwks')(appIssue('keys-not-once', message))];
  }
  const wrong = jwksUri === undefined ? checkKeySet(jwks) : checkKeySetUri(jwksUri, trustedHosts);
  return wrong === undefined ? [] : [atField(jwksUri === undefined ? 'jwks' : 'jwksUri')(wrong)];
}

function checkKind({ kind, auth, launchUri, practiceIds, mayIntrospect }: AppTerms): readonly AppFieldIssue[] {
  const issues: (readonly [field: string, wrong: AppIssue | undefined])[] = [];
  if (kind === 'backend') {
    if (auth !== 'private_key_jwt') issues.push(['auth', appIssue('backend-without-keys', BACKEND_KEYS)]);
    if (practiceIds.length === 0) {
      issues.push(['practiceIds', appIssue('practices-missing', 'A backend app needs at least one practice.')]);
    }
  } else if (practiceIds.length > 0) {
    issues.push(['practiceIds', appIssue('practices-not-backend', 'Only backend apps can have practices.')]);
  }
  if (launchUri !== undefined) {
    issues.push([
      'launchUri',
      kind === 'staff' ? checkLaunchUri(launchUri) : appIssue('launch-not-staff', NOT_LAUNCHED),
    ]);
  }
  if (mayIntrospect && auth === 'none') {
    issues.push(['auth', appIssue('introspection-without-proof', INTROSPECTS)]);
  }
  return issues.flatMap(([field, wrong]) => (wrong === undefined ? [] : [atField(field)(wrong)]));
}

const BACKEND_KEYS = 'A backend app must authenticate with private_key_jwt. Add its public keys.';
const NOT_LAUNCHED = 'Only staff apps can have a launch URI. Remove it.';
const INTROSPECTS = 'An app that may introspect tokens must authenticate. It can’t be public.';
