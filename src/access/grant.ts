import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import { Problem } from '../kernel/index.ts';
import type { Permission, Scope } from './scope.ts';
import { resourceScopes } from './scope.ts';

/** The FHIR APIs an app can add, by the names the gateway has for them. */
export const APIS = { r4: 'nge.prod.fhir-api-r4', dstu2: 'nge.prod.fhir-api' } as const;
export type Api = keyof typeof APIS;

/** What a valid access token stands for, at this moment. */
export interface Grant {
  readonly grantId: GrantId;
  readonly clientId: ClientId;
  readonly accountId: AccountId;
  readonly recordId: RecordId;
  readonly practiceId: PracticeId;
  readonly patientId: PatientId;
  readonly scopes: readonly Scope[];
  readonly apis: readonly Api[];
  /** False when the practice has turned its API off. */
  readonly practiceEnabled: boolean;
}

/** Tells what a bearer token stands for. RFC 6750 §3.1: throws `invalid_token` when it stands for nothing (any more). */
export interface TokenVerifier {
  verify(bearer: string): Promise<Grant>;
}

/** What a grant lets be seen of one type: everything, or only what matches one of the granular queries. */
export interface Permit {
  /** SMART App Launch 2.2 §3.0.2.5: search parameters, OR-ed; empty: the whole type. */
  readonly queries: readonly string[];
}

/**
 * Whether the grant allows this on a resource type; asked before any row is looked for.
 * @param names the type's names: as served and as stored (MedicationOrder, MedicationRequest)
 */
export function permit(grant: Grant, permission: Permission, names: readonly string[]): Permit | undefined {
  const matching = resourceScopes(grant.scopes).filter(
    (scope) =>
      scope.context === 'patient' &&
      (scope.type === '*' || names.includes(scope.type)) &&
      scope.permissions.includes(permission),
  );
  if (matching.length === 0) return undefined;
  const queries = matching.map((scope) => scope.query);
  return { queries: queries.includes('') ? [] : queries };
}

/** As `permit`, and a refusal with 403 when there is none. */
export function requirePermit(grant: Grant, permission: Permission, names: readonly string[]): Permit {
  const found = permit(grant, permission, names);
  if (found !== undefined) return found;
  throw new Problem('scope-denied', {
    status: 403,
    message: `This access token does not allow ${permission === 's' ? 'searching' : 'reading'} ${names[0]}. The patient did not allow it, or the app did not ask for it: send the patient through authorize with a scope that names ${names[0]}.`,
  });
}

/** A token is good at the APIs its app has added, and only while the practice has its API turned on. */
export function requireApi(grant: Grant, api: Api): void {
  if (!grant.practiceEnabled) {
    throw new Problem('practice-disabled', {
      status: 403,
      message: 'The practice that keeps this record has turned its API off. Only the practice can turn it on.',
    });
  }
  if (grant.apis.includes(api)) return;
  throw new Problem('api-not-added', {
    status: 403,
    message: `This app has not added the API ${APIS[api]}. Add it to the app, then use this token again.`,
  });
}
