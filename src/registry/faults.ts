import { APIS } from '../access/index.ts';
import type { AppTerms } from './app.ts';
import { type Fault, fault } from './fault.ts';
import { keyAddressFault, keySetFault } from './key-set-fault.ts';
import { nameFaults } from './name-faults.ts';
import { launchFault, redirectFault } from './redirect-uri.ts';
import { scopeFaults } from './scope-faults.ts';

/** An error in one field of the terms of an app, with a message that says how to fix it. */
export interface AppFault extends Fault {
  /** RFC 7591 §3.2.2 */
  readonly about: 'redirect_uris' | 'metadata';
  /** Path in `AppTerms`: `redirectUris.0`. */
  readonly field: string;
}

const MOST_REDIRECTS = 50;

/** Returns all errors in the terms of an app. @param trustedHosts hosts whose key sets may be fetched over http */
export function faultsOf(terms: AppTerms, trustedHosts: readonly string[]): readonly AppFault[] {
  return [
    ...redirectFaults(terms),
    ...nameFaults(terms.name).map(on('name')),
    ...developerFaults(terms).map(on('developer')),
    ...(terms.apis.length === 0 ? [on('apis')(fault('apis-missing', NO_API))] : []),
    ...scopeFaults(terms.kind, terms.scope).map(on('scope')),
    ...keyFaults(terms, trustedHosts),
    ...kindFaults(terms),
  ];
}

const NO_API = `An app needs at least one API: ${Object.keys(APIS).join(', ')}.`;

/** Attaches an issue to a field. */
const on =
  (field: string) =>
  (wrong: Fault): AppFault => ({
    about: field.startsWith('redirectUris') ? 'redirect_uris' : 'metadata',
    field,
    ...wrong,
  });

function developerFaults({ developer, verifiedAt }: AppTerms): readonly Fault[] {
  if (developer !== null) return nameFaults(developer, 'The name of an app’s developer');
  if (verifiedAt === null) return [];
  return [fault('developer-missing', 'Who makes the app is not said, so nobody can have made sure of it.')];
}

function redirectFaults({ kind, redirectUris }: AppTerms): readonly AppFault[] {
  const whole = on('redirectUris');
  const none = redirectUris.length === 0;
  if (kind === 'backend') return none ? [] : [whole(fault('redirects-of-backend', NOBODY_COMES_BACK))];
  if (none) return [whole(fault('redirects-missing', 'An app needs at least one redirect URI.'))];
  if (redirectUris.length > MOST_REDIRECTS) {
    const message = `An app has at most ${MOST_REDIRECTS} redirect URIs.`;
    return [whole(fault('redirects-too-many', message, { most: String(MOST_REDIRECTS) }))];
  }
  return redirectUris.flatMap((uri, index) => [redirectFault(uri) ?? []].flat().map(on(`redirectUris.${index}`)));
}

const NOBODY_COMES_BACK = 'Nobody signs in to a backend app: leave out its redirect URI.';

function keyFaults({ auth, jwks, jwksUri }: AppTerms, trustedHosts: readonly string[]): readonly AppFault[] {
  const given = [jwks, jwksUri].filter((one) => one !== undefined).length;
  if (auth !== 'private_key_jwt') {
    if (given === 0) return [];
    return [on('auth')(fault('keys-not-used', 'Only an app that uses private_key_jwt has keys.'))];
  }
  if (given !== 1) {
    const message = 'An app that uses private_key_jwt needs its keys once: as a key set or as its address.';
    return [on('jwks')(fault('keys-not-once', message))];
  }
  const wrong = jwksUri === undefined ? keySetFault(jwks) : keyAddressFault(jwksUri, trustedHosts);
  return wrong === undefined ? [] : [on(jwksUri === undefined ? 'jwks' : 'jwksUri')(wrong)];
}

function kindFaults({ kind, auth, launchUri, practiceIds, mayIntrospect }: AppTerms): readonly AppFault[] {
  const issues: (readonly [field: string, wrong: Fault | undefined])[] = [];
  if (kind === 'backend') {
    if (auth !== 'private_key_jwt') issues.push(['auth', fault('backend-without-keys', BACKEND_KEYS)]);
    if (practiceIds.length === 0) {
      issues.push(['practiceIds', fault('practices-missing', 'A backend app needs at least one practice.')]);
    }
  } else if (practiceIds.length > 0) {
    issues.push(['practiceIds', fault('practices-not-backend', 'Practices are named for backend apps only.')]);
  }
  if (launchUri !== undefined) {
    issues.push(['launchUri', kind === 'staff' ? launchFault(launchUri) : fault('launch-not-staff', NOT_LAUNCHED)]);
  }
  if (mayIntrospect && auth === 'none') {
    issues.push(['auth', fault('introspection-without-proof', INTROSPECTS)]);
  }
  return issues.flatMap(([field, wrong]) => (wrong === undefined ? [] : [on(field)(wrong)]));
}

const BACKEND_KEYS = 'A backend app proves who it is with private_key_jwt: it needs keys.';
const NOT_LAUNCHED = 'Only a staff app is launched: leave out its launch URI.';
const INTROSPECTS = 'An app that may introspect must prove who it is: it can’t be public.';
