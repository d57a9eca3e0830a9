import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import { Problem } from '../kernel/index.ts';
import type { SecurityLabel } from './labels.ts';
import type { Permission, ResourceScope, Scope } from './scope.ts';
import { hasNamed, resourceScopes } from './scope.ts';

/** The FHIR APIs an app can add, by the names the gateway has for them. */
export const APIS = { r4: 'nge.prod.fhir-api-r4', dstu2: 'nge.prod.fhir-api' } as const;
export type Api = keyof typeof APIS;

/** The patient in context. */
export interface RecordInContext {
  readonly recordId: RecordId;
  readonly practiceId: PracticeId;
  readonly patientId: PatientId;
}

/** What a valid access token stands for, at this moment. */
export interface Grant {
  readonly grantId: GrantId;
  /** The one authorization that the token comes of. */
  readonly familyId: string;
  readonly clientId: ClientId;
  /** The person it acts for: a patient, a representative, a member of staff. undefined: a backend app acts for nobody. */
  readonly accountId: AccountId | undefined;
  /** What `patient/` scopes are about. */
  readonly record: RecordInContext | undefined;
  /** What `user/` scopes (the practices of a member of staff) and `system/` scopes (those named for a backend app) are about. */
  readonly practices: readonly PracticeId[];
  readonly scopes: readonly Scope[];
  readonly apis: readonly Api[];
  /** Which of them the app said it would read; undefined or absent: it did not say. */
  readonly audience?: Api | undefined;
  /** False when the practice of the record in context has turned its API off. */
  readonly practiceEnabled: boolean;
  /** Labels that the patient did not allow: entries of a record that have one of them are not there. */
  readonly withheld: readonly SecurityLabel[];
  /** Who signed in, as a resource. */
  readonly fhirUser: { readonly type: string; readonly id: string } | undefined;
}

/** How a request presents its access token. RFC 6750 §2.1, RFC 9449 §7.1 */
export interface PresentedToken {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
  /** The `DPoP` header, when there is one. */
  readonly proof: string | undefined;
  readonly method: string;
  /** Path of the request, without its query. */
  readonly path: string;
}

/**
 * Tells what an access token stands for. RFC 6750 §3.1: throws `invalid_token` when it stands for nothing (any more),
 * RFC 9449 §7.1: `invalid_dpop_proof` when the token is bound to a key and the request does not prove it.
 */
export interface TokenVerifier {
  verify(presented: PresentedToken): Promise<Grant>;
  /**
   * The token of a request that took long: throws `invalid_token` when it has ended meanwhile, and as `requireNoLess` when
   * it stands for less than it did.
   * @param begun what it stood for
   */
  requireStill(token: string, begun: Grant): Promise<void>;
}

/** Whose rows: the record in context, or all records and the directory of the grant's practices. */
export type ReachOf = 'record' | 'practices';

/** One part of what a grant lets be seen of a type: everything of it, or only what matches one of the granular queries. */
export interface Reach {
  readonly of: ReachOf;
  /** SMART App Launch 2.2 §3.0.2.5: search parameters, OR-ed; empty: the whole type. */
  readonly queries: readonly string[];
}

/**
 * What the grant allows of this on a resource type, part by part; empty: nothing. Asked before any row is looked for.
 * @param names the type's names: as served and as stored (MedicationOrder, MedicationRequest)
 */
export function permit(grant: Grant, permission: Permission, names: readonly string[]): readonly Reach[] {
  const matching = resourceScopes(grant.scopes).filter(
    (scope) => (scope.type === '*' || names.includes(scope.type)) && scope.permissions.includes(permission),
  );
  const all = [
    ...reach('practices', grant.practices.length > 0 ? matching.filter(({ context }) => context !== 'patient') : []),
    ...reach('record', grant.record === undefined ? [] : matching.filter(({ context }) => context === 'patient')),
  ];
  // The record in context lies in one of the practices: the whole type there is the whole type.
  const whole = all.find(({ of, queries }) => of === 'practices' && queries.length === 0);
  return whole === undefined ? all : [whole];
}

function reach(of: ReachOf, scopes: readonly ResourceScope[]): readonly Reach[] {
  if (scopes.length === 0) return [];
  const queries = scopes.map((scope) => scope.query);
  return [{ of, queries: queries.includes('') ? [] : queries }];
}

/** As `permit`, and a refusal with 403 when there is nothing. */
export function requirePermit(grant: Grant, permission: Permission, names: readonly string[]): readonly Reach[] {
  const found = permit(grant, permission, names);
  if (found.length > 0) return found;
  throw new Problem('scope-denied', {
    status: 403,
    message: `This access token does not allow ${permission === 's' ? 'searching' : 'reading'} ${names[0]}. ${whyDenied(grant)}: ask for a scope that names ${names[0]}.`,
  });
}

/** No patient was asked about what staff see in their practices, or what a backend app is for. */
const whyDenied = ({ accountId, practices }: Grant): string =>
  accountId === undefined || practices.length > 0
    ? 'The app did not ask for it, or is not registered for it'
    : 'The patient did not allow it, or the app did not ask for it';

/** SMART App Launch 2.2 §3.0.2.3: `fhirUser` lets the app read the one resource that says who signed in. */
export const mayReadFhirUser = (grant: Grant): boolean =>
  grant.fhirUser !== undefined && hasNamed(grant.scopes, 'openid') && hasNamed(grant.scopes, 'fhirUser');

/** The practice of the record in context has its API turned on. */
export function requireEnabled({ practiceEnabled }: Grant): void {
  if (practiceEnabled) return;
  throw new Problem('practice-disabled', {
    status: 403,
    message: 'The practice that keeps this record has turned its API off. Only the practice can turn it on.',
  });
}

/** A token is good at the APIs its app has added, and only while the practice has its API turned on. */
export function requireApi(grant: Grant, api: Api): void {
  requireEnabled(grant);
  if (grant.apis.includes(api)) return;
  throw new Problem('api-not-added', {
    status: 403,
    message: `This app has not added the API ${APIS[api]}. Add it to the app, then use this token again.`,
  });
}
