import { APIS } from '../access/index.ts';
import type { AppTerms } from './app.ts';
import { keyAddressFault, keySetFault } from './key-set-fault.ts';
import { nameFaults } from './name-faults.ts';
import { launchFault, redirectFault } from './redirect-uri.ts';
import { scopeFaults } from './scope-faults.ts';

/** One thing that is wrong with an app, in words that say how to mend it. */
export interface AppFault {
  readonly about: 'redirect_uris' | 'metadata';
  readonly message: string;
}

const MOST_REDIRECTS = 50;

/** Everything that is wrong with the terms of an app, at once. */
export function faultsOf(terms: AppTerms, trustedHosts: readonly string[]): readonly AppFault[] {
  const messages = [
    ...nameFaults(terms.name),
    ...(terms.apis.length === 0 ? [`An app needs at least one API: ${Object.keys(APIS).join(', ')}.`] : []),
    ...scopeFaults(terms.kind, terms.scope),
    ...keyFaults(terms, trustedHosts),
    ...kindFaults(terms),
  ];
  return [
    ...redirectFaults(terms).map((message) => ({ about: 'redirect_uris', message }) as const),
    ...messages.map((message) => ({ about: 'metadata', message }) as const),
  ];
}

function redirectFaults({ kind, redirectUris }: AppTerms): readonly string[] {
  if (kind === 'backend') {
    return redirectUris.length === 0 ? [] : ['Nobody signs in to a backend app: leave out its redirect URI.'];
  }
  if (redirectUris.length === 0) return ['An app needs at least one redirect URI.'];
  if (redirectUris.length > MOST_REDIRECTS) return [`An app has at most ${MOST_REDIRECTS} redirect URIs.`];
  return redirectUris.map(redirectFault).filter((fault) => fault !== undefined);
}

function keyFaults({ auth, jwks, jwksUri }: AppTerms, trustedHosts: readonly string[]): readonly string[] {
  const given = [jwks, jwksUri].filter((one) => one !== undefined).length;
  if (auth !== 'private_key_jwt') return given === 0 ? [] : ['Only an app that uses private_key_jwt has keys.'];
  if (given !== 1) return ['An app that uses private_key_jwt needs its keys once: as a key set or as its address.'];
  const fault = jwksUri === undefined ? keySetFault(jwks) : keyAddressFault(jwksUri, trustedHosts);
  return fault === undefined ? [] : [fault];
}

function kindFaults({ kind, auth, launchUri, practiceIds, mayIntrospect }: AppTerms): readonly string[] {
  const faults: (string | undefined)[] = [];
  if (kind === 'backend') {
    if (auth !== 'private_key_jwt') faults.push('A backend app proves who it is with private_key_jwt: it needs keys.');
    if (practiceIds.length === 0) faults.push('A backend app needs at least one practice.');
  } else if (practiceIds.length > 0) faults.push('Practices are named for backend apps only.');
  if (launchUri !== undefined) {
    faults.push(kind === 'staff' ? launchFault(launchUri) : 'Only a staff app is launched: leave out its launch URI.');
  }
  if (mayIntrospect && auth === 'none') {
    faults.push('An app that may introspect must prove who it is: it can’t be public.');
  }
  return faults.filter((fault) => fault !== undefined);
}
