import type { FhirApi, SecurityLabel } from '../domain/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import { Problem } from '../kernel/index.ts';
import type { Permission, ResourceScope, Scope } from './scope.ts';
import { hasNamedScope, resourceScopes } from './scope.ts';

/** The FHIR APIs that an app can add, with the names that NextGen's API gateway gives them. */
export const APIS = { r4: 'nge.prod.fhir-api-r4', dstu2: 'nge.prod.fhir-api' } as const satisfies Record<
  FhirApi,
  string
>;

export interface PatientContext {
  readonly recordId: RecordId;
  readonly practiceId: PracticeId;
  readonly patientId: PatientId;
}

/** The authorization that a valid access token represents at this moment. */
export interface AccessGrant {
  readonly grantId: GrantId;
  /** Id of the token family, that is of the single consent that the token descends from. */
  readonly familyId: string;
  readonly clientId: ClientId;
  /** The person whom the app acts for: a patient, a representative or a staff member. Undefined for a backend app. */
  readonly accountId: AccountId | undefined;
  /** The patient record that `patient/` scopes apply to. */
  readonly record: PatientContext | undefined;
  /**
   * The practices that `user/` scopes (where the staff member works) or `system/` scopes (those assigned to the backend
   * app) apply to.
   */
  readonly practices: readonly PracticeId[];
  readonly scopes: readonly Scope[];
  readonly apis: readonly FhirApi[];
  /** The API that the app named in `aud`. Undefined when it sent no `aud`. */
  readonly audience?: FhirApi | undefined;
  /** False when the practice of the record in context has turned its API off. */
  readonly practiceEnabled: boolean;
  /** Security labels that the patient did not allow. Resources with one of these labels are invisible to the app. */
  readonly withheld: readonly SecurityLabel[];
  /** FHIR resource of the person who signed in. */
  readonly fhirUser: { readonly type: string; readonly id: string } | undefined;
}

/** How a request presents its access token. RFC 6750 §2.1, RFC 9449 §7.1 */
export interface PresentedToken {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
  /** The `DPoP` header, if there is one. */
  readonly proof: string | undefined;
  readonly method: string;
  /** Path of the request, without its query. */
  readonly path: string;
}

/**
 * Verifies access tokens. `verify` throws `invalid_token` when the token is unknown or no longer valid (RFC 6750 §3.1),
 * and `invalid_dpop_proof` when it is bound to a key that the request doesn't prove (RFC 9449 §7.1).
 */
export interface TokenVerifier {
  verify(presented: PresentedToken): Promise<AccessGrant>;
  /**
   * Re-checks the token at the end of a long request. Throws `invalid_token` when it has ended in the meantime, and
   * `scope-denied` when it allows less than it did (`requireUnreducedGrant`).
   * @param before the grant when the request began
   */
  requireStillValid(token: string, before: AccessGrant): Promise<void>;
}

/** The rows that a rule covers: the record in context, or all records and the directory of the grant's practices. */
export type AccessTarget = 'record' | 'practices';

/**
 * One way in which a grant gives access to a resource type: to all of it, or only to what matches one of the granular
 * queries.
 */
export interface AccessRule {
  readonly target: AccessTarget;
  /** Granular queries, combined by OR. Empty means the whole type. SMART App Launch 2.2 §3.0.2.5 */
  readonly queries: readonly string[];
}

/**
 * Returns the access rules that the grant gives for this permission on a resource type, or an empty list if it gives
 * none. Callers check it before they look for any row.
 * @param names names of the type as served and as stored (MedicationOrder, MedicationRequest)
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
  // The record in context belongs to one of the practices, so access to the whole type at the practices includes it.
  const whole = all.find(({ target, queries }) => target === 'practices' && queries.length === 0);
  return whole === undefined ? all : [whole];
}

function toAccessRules(of: AccessTarget, scopes: readonly ResourceScope[]): readonly AccessRule[] {
  if (scopes.length === 0) return [];
  const queries = scopes.map((scope) => scope.query);
  return [{ target: of, queries: queries.includes('') ? [] : queries }];
}

/** Like `authorize`, but throws 403 `scope-denied` when there is no rule. */
export function requireAccess(
  grant: AccessGrant,
  permission: Permission,
  names: readonly string[],
): readonly AccessRule[] {
  const found = authorize(grant, permission, names);
  if (found.length > 0) return found;
  throw new Problem('scope-denied', {
    status: 403,
    message: `This access token does not allow ${permission === 's' ? 'searching' : 'reading'} ${names[0]}. ${denialReason(grant)}: ask for a scope that names ${names[0]}.`,
  });
}

/** Staff and backend apps get access without a patient's consent, so the message must not name the patient. */
const denialReason = ({ accountId, practices }: AccessGrant): string =>
  accountId === undefined || practices.length > 0
    ? 'The app did not ask for it, or is not registered for it'
    : 'The patient did not allow it, or the app did not ask for it';

/** SMART App Launch 2.2 §3.0.2.3: `fhirUser` lets the app read the one resource that describes who signed in. */
export const mayReadFhirUser = (grant: AccessGrant): boolean =>
  grant.fhirUser !== undefined && hasNamedScope(grant.scopes, 'openid') && hasNamedScope(grant.scopes, 'fhirUser');

/** Throws 403 `practice-disabled` when the practice of the record in context has turned its API off. */
export function requirePracticeApiEnabled({ practiceEnabled }: AccessGrant): void {
  if (practiceEnabled) return;
  throw new Problem('practice-disabled', {
    status: 403,
    message: 'The practice that keeps this record has turned its API off. Only the practice can turn it on.',
  });
}

/** Throws 403 unless the app has added this API and the practice has its API turned on. */
export function requireApiAdded(grant: AccessGrant, api: FhirApi): void {
  requirePracticeApiEnabled(grant);
  if (grant.apis.includes(api)) return;
  throw new Problem('api-not-added', {
    status: 403,
    message: `This app has not added the API ${APIS[api]}. Add it to the app, then use this token again.`,
  });
}
