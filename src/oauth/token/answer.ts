import { hasNamed, parseScopes, printScopes, resourceScopes, type Scope } from '../../access/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Addresses } from '../addresses.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { FhirContextItem, LaunchContext } from '../launch/context.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { Client, ServedTypes } from '../ports.ts';
import { withoutDenied } from '../scopes.ts';
import type { Minted } from './consume.ts';
import type { Standing } from './good.ts';

/** Launch context in the token response. SMART App Launch 2.2 §2.0.12, §2.0.11 */
export interface LaunchMembers {
  /** The id of the patient in context, without a type. */
  readonly patient?: string;
  readonly encounter?: string;
  readonly need_patient_banner?: boolean;
  readonly smart_style_url?: string;
  readonly intent?: string;
  readonly fhirContext?: readonly FhirContextItem[];
}

/** RFC 6749 §5.1 */
export interface TokenAnswer extends LaunchMembers {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
  /** Seconds until the refresh token expires. */
  readonly refresh_expires_in?: number;
  /** RFC 3339, UTC: end that the patient chose, or the time until which the app must refresh. */
  readonly access_grant_expiration?: string;
  readonly id_token?: string;
}

export interface AnswerDeps {
  readonly clock: Clock;
  readonly types: ServedTypes;
  readonly addresses: Addresses;
  readonly keyring: Keyring;
}

/** The granted scopes without what the patient has denied since. */
export function scopesNow(standing: Pick<Standing, 'scope' | 'denied'>, types: ServedTypes): readonly Scope[] {
  return withoutDenied(parseScopes(standing.scope).scopes, standing.denied, types);
}

/**
 * SMART App Launch 2.2 §3.0.2.6: each part of the context is returned for the scopes that request it. `launch` requests
 * all of it. A `patient/` scope requires the patient, because the app must know which patient it is about.
 */
export function launchMembers(
  { patientId, context }: Pick<Standing, 'patientId' | 'context'>,
  scopes: readonly Scope[],
  addresses: Addresses,
): LaunchMembers {
  const { encounter } = context;
  const launched = hasNamed(scopes, 'launch');
  const aboutPatient = launched || hasNamed(scopes, 'launch/patient') || isAboutPatient(scopes);
  return {
    ...(patientId !== undefined && aboutPatient ? { patient: patientId } : {}),
    ...(encounter !== undefined && (launched || hasNamed(scopes, 'launch/encounter')) ? { encounter } : {}),
    ...(launched ? launchedMembers(context, addresses) : {}),
  };
}

const isAboutPatient = (scopes: readonly Scope[]): boolean =>
  resourceScopes(scopes).some(({ context }) => context === 'patient');

function launchedMembers(
  { needPatientBanner, intent, fhirContext }: LaunchContext,
  addresses: Addresses,
): LaunchMembers {
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
 * @param tokens.refresh ignored when this access has no refresh token
 */
export async function tokenAnswer(
  deps: AnswerDeps,
  client: Client,
  minted: Minted,
  tokens: { access: string; refresh: string; scopes: readonly Scope[]; bound: boolean },
): Promise<TokenAnswer> {
  const { scopes, bound } = tokens;
  const secondsTo = (at: Date): number => Math.round((at.getTime() - deps.clock.now().getTime()) / 1000);
  const openid = hasNamed(scopes, 'openid') && minted.accountId !== undefined;
  return {
    access_token: tokens.access,
    token_type: bound ? 'DPoP' : 'Bearer',
    expires_in: secondsTo(minted.accessExpires),
    scope: printScopes(scopes),
    ...launchMembers(minted, scopes, deps.addresses),
    ...(minted.refreshExpires === undefined
      ? {}
      : {
          refresh_token: tokens.refresh,
          refresh_expires_in: secondsTo(minted.refreshExpires),
          access_grant_expiration: (minted.ends ?? minted.refreshExpires).toISOString(),
        }),
    ...(openid ? { id_token: await idToken(deps, client, minted, scopes) } : {}),
  };
}

/** OpenID Connect Core §2 */
function idToken(deps: AnswerDeps, client: Client, minted: Minted, scopes: readonly Scope[]): Promise<string> {
  const now = Math.floor(deps.clock.now().getTime() / 1000);
  return deps.keyring.sign(client.idTokenAlg, {
    iss: deps.addresses.issuer,
    sub: minted.accountId,
    aud: client.clientId,
    iat: now,
    exp: now + LIFETIMES.idToken,
    ...(minted.authTime === undefined ? {} : { auth_time: Math.floor(minted.authTime.getTime() / 1000) }),
    ...(minted.nonce === null ? {} : { nonce: minted.nonce }),
    ...fhirUserMember(minted, client, scopes, deps.addresses),
  });
}

/**
 * SMART App Launch 2.2 §3.0.2.3: an absolute URL below the FHIR base URL that the app named in `aud`. Without `aud` it
 * is R4 if the app has added R4. Both APIs serve every type of user: Patient, RelatedPerson and Practitioner.
 */
export function fhirUserMember(
  { fhirUser, audience }: Pick<Standing, 'fhirUser' | 'audience'>,
  { apis }: Pick<Client, 'apis'>,
  scopes: readonly Scope[],
  addresses: Addresses,
): { readonly fhirUser?: string } {
  if (fhirUser === undefined || !hasNamed(scopes, 'fhirUser')) return {};
  // The app may have lost this API since authorization.
  const api = audience !== undefined && apis.includes(audience) ? audience : apis.includes('r4') ? 'r4' : 'dstu2';
  return { fhirUser: `${addresses.fhir[api]}/${fhirUser}` };
}
