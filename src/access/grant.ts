import type { FhirApi, SecurityLabel } from '../domain/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import { Problem } from '../kernel/index.ts';
import type { Permission, ResourceScope, Scope } from './scope.ts';
import { hasNamedScope, resourceScopes } from './scope.ts';

/** Names of the FHIR APIs that a developer can add to an app. They are the names that NextGen's API gateway uses. */
export const APIS = { r4: 'nge.prod.fhir-api-r4', dstu2: 'nge.prod.fhir-api' } as const satisfies Record<
  FhirApi,
  string
>;

export interface PatientContext {
  readonly recordId: RecordId;
  readonly practiceId: PracticeId;
  readonly patientId: PatientId;
}

/** The access that a valid access token gives at this moment. */
export interface AccessGrant {
  readonly grantId: GrantId;
  /** Id of the token family, which all tokens of one consent share. */
  readonly familyId: string;
  readonly clientId: ClientId;
  /**
   * Account of the person whom the app acts for: a patient, a representative or a staff member. Undefined for a backend
   * app.
   */
  readonly accountId: AccountId | undefined;
  /** The patient record to which `patient/` scopes apply; undefined if the token has no patient in context. */
  readonly record: PatientContext | undefined;
  /**
   * Practices to which `user/` and `system/` scopes apply. For a staff app they are the practices where the staff
   * member works, and for a backend app the practices that are assigned to the app.
   */
  readonly practices: readonly PracticeId[];
  readonly scopes: readonly Scope[];
  readonly apis: readonly FhirApi[];
  /** The FHIR API that the app named in the parameter `aud`; undefined if it sent no `aud`. */
  readonly audience?: FhirApi | undefined;
  /** Requests per minute that an administrator allows the app at the FHIR APIs; undefined if the default applies. */
  readonly requestsPerMinute?: number | undefined;
  /** False if the practice that has the patient record in context has turned its API off. */
  readonly practiceEnabled: boolean;
  /** Security labels that the patient did not allow. The app can't see resources with one of these labels. */
  readonly withheld: readonly SecurityLabel[];
  /** FHIR resource that describes the person who signed in, for the scope `fhirUser`. */
  readonly fhirUser: { readonly type: string; readonly id: string } | undefined;
}

/** An access token, and the parts of the request that verifying it needs. RFC 6750 §2.1, RFC 9449 §7.1 */
export interface PresentedToken {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
  /** Value of the `DPoP` header; undefined if there is none. */
  readonly proof: string | undefined;
  readonly method: string;
  /** Path of the request without the query. */
  readonly path: string;
}

/**
 * Verifies access tokens. `verify` throws `invalid_token` if the token is unknown or no longer valid (RFC 6750 §3.1).
 * It throws `invalid_dpop_proof` if the token is bound to a key and the request doesn't prove possession of that key
 * (RFC 9449 §7.1).
 */
export interface TokenVerifier {
  verify(presented: PresentedToken): Promise<AccessGrant>;
  /**
   * Checks the token again at the end of a long request. Throws `invalid_token` if the token has ended in the meantime,
   * and `scope-denied` if it now allows less than before (`requireUnreducedGrant`).
   * @param before the grant at the beginning of the request
   */
  requireStillValid(token: string, before: AccessGrant): Promise<void>;
}

/**
 * The data that an access rule covers. `record`: the patient record in context. `practices`: all records and the
 * directory of the grant's practices.
 */
export type AccessTarget = 'record' | 'practices';

/**
 * One way in which a grant gives access to a resource type: to all resources of the type, or only to those that match a
 * granular scope's query.
 */
export interface AccessRule {
  readonly target: AccessTarget;
  /**
   * Queries of granular scopes, such as `category=laboratory` (SMART App Launch 2.2 §3.0.2.5). A resource must match
   * one of them. An empty list means all resources of the type.
   */
  readonly queries: readonly string[];
}

/**
 * Returns the access rules that a grant gives for a permission on a resource type; an empty list if it gives no access.
 * Callers check this before they read any row.
 * @param names name of the type in the API and in the store, for example MedicationOrder and MedicationRequest
 */
export function authorize(grant: AccessGrant, permission: Permission, names: readonly string[]): readonly AccessRule[] {
  const matching = resourceScopes(grant.scopes).filter(
    (scope) => (scope.type === '*' || names.includes(scope.type)) && scope.permissions.includes(permission),
  );
  const all = [
    ...toAccessRules(
      'practices',
      grant.practices.length > 0 ? matching.filter(({ context }) => context !== 'patient') : [],
    ),
    ...toAccessRules(
      'record',
      grant.record === undefined ? [] : matching.filter(({ context }) => context === 'patient'),
    ),
  ];
  // The practices of the grant include the one that has the record in context. Access to all resources of the type at
  // these practices therefore includes the record.
  const whole = all.find(({ target, queries }) => target === 'practices' && queries.length === 0);
  return whole === undefined ? all : [whole];
}

function toAccessRules(of: AccessTarget, scopes: readonly ResourceScope[]): readonly AccessRule[] {
  if (scopes.length === 0) return [];
  const queries = scopes.map((scope) => scope.query);
  return [{ target: of, queries: queries.includes('') ? [] : queries }];
}

/** Like `authorize`, but throws 403 `scope-denied` if the grant gives no access. */
export function requireAccess(
  grant: AccessGrant,
  permission: Permission,
  names: readonly string[],
): readonly AccessRule[] {
  const found = authorize(grant, permission, names);
  if (found.length > 0) return found;
  throw new Problem('scope-denied', {
    status: 403,
    message: `This access token does not allow ${permission === 's' ? 'searching' : 'reading'} ${names[0]}. ${denialReason(grant)}. Request a scope that includes ${names[0]}.`,
  });
}

/**
 * Returns the sentence of the error message that says why access is denied. Staff apps and backend apps get access
 * without a patient's consent, so their message doesn't say that the patient denied it.
 */
const denialReason = ({ accountId, practices }: AccessGrant): string =>
  accountId === undefined || practices.length > 0
    ? 'The app did not request it, or is not registered for it'
    : 'The patient did not allow it, or the app did not request it';

/**
 * Tells whether the app may read the resource that describes the person who signed in. The scopes `openid` and
 * `fhirUser` allow that one resource (SMART App Launch 2.2 §3.0.2.3).
 */
export const mayReadFhirUser = (grant: AccessGrant): boolean =>
  grant.fhirUser !== undefined && hasNamedScope(grant.scopes, 'openid') && hasNamedScope(grant.scopes, 'fhirUser');

/** Throws 403 `practice-disabled` if the practice that has the patient record in context has turned its API off. */
export function requirePracticeApiEnabled({ practiceEnabled }: AccessGrant): void {
  if (practiceEnabled) return;
  throw new Problem('practice-disabled', {
    status: 403,
    message: 'The practice of this record has turned off its API. Only the practice can turn it on again.',
  });
}

/** Throws 403 unless the requested FHIR API was added to the app and the practice has turned its API on. */
export function requireApiAdded(grant: AccessGrant, api: FhirApi): void {
  requirePracticeApiEnabled(grant);
  if (grant.apis.includes(api)) return;
  throw new Problem('api-not-added', {
    status: 403,
    message: `This app has not added the ${APIS[api]} API. Add it to the app, then use this token again.`,
  });
}
