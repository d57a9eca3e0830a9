import { hasNamedScope, parseScopes, printScopes, resourceScopes, type Scope } from '../../access/index.ts';
import type { App } from '../../domain/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { OAuthAddresses } from '../addresses.ts';
import type { SigningKeyring } from '../keys/keyring.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { ServedTypes } from '../ports.ts';
import { removeDeniedScopes } from '../scopes/grantable-scopes.ts';
import type { TokenContext } from './active-token.ts';
import type { MintedTokens } from './consume-tokens.ts';
import type { FhirContextItem, LaunchContext } from './launch-context.ts';

/** Launch context in the token response. SMART App Launch 2.2 §2.0.11, §2.0.12 */
export interface LaunchResponseMembers {
  /** FHIR id of the patient in context, without the resource type. */
  readonly patient?: string;
  readonly encounter?: string;
  readonly need_patient_banner?: boolean;
  readonly smart_style_url?: string;
  readonly intent?: string;
  readonly fhirContext?: readonly FhirContextItem[];
}

/** Successful response of the token endpoint. RFC 6749 §5.1 */
export interface TokenEndpointResponse extends LaunchResponseMembers {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  /** Lifetime of the access token in seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
  /** Seconds until the refresh token expires. */
  readonly refresh_expires_in?: number;
  /**
   * Time at which the app loses access, in UTC (RFC 3339): the end that the patient chose or, if there is none, the
   * refresh token's expiry.
   */
  readonly access_grant_expiration?: string;
  readonly id_token?: string;
}

export interface TokenResponseDeps {
  readonly clock: Clock;
  readonly types: ServedTypes;
  readonly addresses: OAuthAddresses;
  readonly keyring: SigningKeyring;
}

/** Returns the granted scopes without what the patient has denied since the consent. */
export function getCurrentScopes(
  tokenContext: Pick<TokenContext, 'scope' | 'denied'>,
  types: ServedTypes,
): readonly Scope[] {
  return removeDeniedScopes(parseScopes(tokenContext.scope).scopes, tokenContext.denied, types);
}

/**
 * Builds the launch context of the response. Each part is returned for the scopes that request it (SMART App Launch 2.2
 * §3.0.2.6). `launch` requests all of it. A `patient/` scope requires the patient, because the app must know whose data
 * it reads.
 */
export function buildLaunchMembers(
  { patientId, context }: Pick<TokenContext, 'patientId' | 'context'>,
  scopes: readonly Scope[],
  addresses: OAuthAddresses,
): LaunchResponseMembers {
  const { encounter } = context;
  const launched = hasNamedScope(scopes, 'launch');
  const aboutPatient = launched || hasNamedScope(scopes, 'launch/patient') || hasPatientScope(scopes);
  return {
    ...(patientId !== undefined && aboutPatient ? { patient: patientId } : {}),
    ...(encounter !== undefined && (launched || hasNamedScope(scopes, 'launch/encounter')) ? { encounter } : {}),
    ...(launched ? buildEhrLaunchMembers(context, addresses) : {}),
  };
}

const hasPatientScope = (scopes: readonly Scope[]): boolean =>
  resourceScopes(scopes).some(({ context }) => context === 'patient');

function buildEhrLaunchMembers(
  { needPatientBanner, intent, fhirContext }: LaunchContext,
  addresses: OAuthAddresses,
): LaunchResponseMembers {
  return {
    ...(needPatientBanner === undefined
      ? {}
      : { need_patient_banner: needPatientBanner, smart_style_url: addresses.smartStyle }),
    ...(intent === undefined ? {} : { intent }),
    ...(fhirContext === undefined ? {} : { fhirContext }),
  };
}

/**
 * Builds the token response.
 * @param minted what was stored with the new tokens, such as their expiry
 * @param tokens.refresh the new refresh token; left out of the response if `minted` has no expiry for it, because the
 * app gets no refresh token
 */
export async function buildTokenResponse(
  deps: TokenResponseDeps,
  client: App,
  minted: MintedTokens,
  tokens: { access: string; refresh: string; scopes: readonly Scope[]; bound: boolean },
): Promise<TokenEndpointResponse> {
  const { scopes, bound } = tokens;
  const secondsTo = (at: Date): number => Math.round((at.getTime() - deps.clock.now().getTime()) / 1000);
  const openid = hasNamedScope(scopes, 'openid') && minted.accountId !== undefined;
  return {
    access_token: tokens.access,
    token_type: bound ? 'DPoP' : 'Bearer',
    expires_in: secondsTo(minted.accessExpires),
    scope: printScopes(scopes),
    ...buildLaunchMembers(minted, scopes, deps.addresses),
    ...(minted.refreshExpires === undefined
      ? {}
      : {
          refresh_token: tokens.refresh,
          refresh_expires_in: secondsTo(minted.refreshExpires),
          access_grant_expiration: (minted.ends ?? minted.refreshExpires).toISOString(),
        }),
    ...(openid ? { id_token: await signIdToken(deps, client, minted, scopes) } : {}),
  };
}

/** Signs the id_token. OpenID Connect Core §2 */
function signIdToken(
  deps: TokenResponseDeps,
  client: App,
  minted: MintedTokens,
  scopes: readonly Scope[],
): Promise<string> {
  const now = Math.floor(deps.clock.now().getTime() / 1000);
  return deps.keyring.sign(client.idTokenAlg, {
    iss: deps.addresses.issuer,
    sub: minted.accountId,
    aud: client.clientId,
    iat: now,
    exp: now + LIFETIMES.idToken,
    ...(minted.authTime === undefined ? {} : { auth_time: Math.floor(minted.authTime.getTime() / 1000) }),
    ...(minted.nonce === null ? {} : { nonce: minted.nonce }),
    ...buildFhirUserMember(minted, client, scopes, deps.addresses),
  });
}

/**
 * Builds the `fhirUser` member (SMART App Launch 2.2 §3.0.2.3): an absolute URL below the FHIR base URL that the app
 * named in `aud`. If the app sent no `aud`, the URL is below the R4 base URL if the app has added R4, and below the
 * DSTU2 base URL otherwise. Both APIs serve every type of user: Patient, RelatedPerson and Practitioner.
 */
export function buildFhirUserMember(
  { fhirUser, audience }: Pick<TokenContext, 'fhirUser' | 'audience'>,
  { apis }: Pick<App, 'apis'>,
  scopes: readonly Scope[],
  addresses: OAuthAddresses,
): { readonly fhirUser?: string } {
  if (fhirUser === undefined || !hasNamedScope(scopes, 'fhirUser')) return {};
  // If the app has removed the API named in `aud` from its registration since the authorization, the URL is that of an
  // API that the app still has.
  const api = audience !== undefined && apis.includes(audience) ? audience : apis.includes('r4') ? 'r4' : 'dstu2';
  return { fhirUser: `${addresses.fhir[api]}/${fhirUser}` };
}
