import { type Grant, type Permission, permit, requireApi, requirePermit } from '../../access/index.ts';
import { isUuid, type PracticeId, Problem, type RecordId } from '../../kernel/index.ts';
import type { Condition, ReferenceValue } from './condition.ts';
import { readCriterion, type SearchContext } from './criteria.ts';
import type { SearchRequest } from './search-request.ts';
import type { FhirVersion, ServedType } from './version.ts';

declare const enforced: unique symbol;

/** Whose rows: one patient's record, or the directory of a practice. The first key of every query. */
export type Home =
  | { readonly kind: 'record'; readonly recordId: RecordId }
  | { readonly kind: 'practice'; readonly practiceId: PracticeId };

/**
 * A query that has been through authorization. The store takes no other, and only this file can make one: what a grant
 * does not allow is no part of it, so that rows, totals and pages need no filter afterwards.
 */
export interface EnforcedQuery {
  readonly [enforced]: true;
  readonly home: Home;
  /** As stored. */
  readonly type: string;
  readonly projection: string | undefined;
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** From granular scopes: one of these must hold, whole. undefined: no limit; empty: nothing is allowed. */
  readonly granted: readonly (readonly Condition[])[] | undefined;
}

/** The type whose attachments are kept as documents. */
export const DOCUMENT_TYPE = 'DocumentReference';

export interface EnforceContext {
  readonly grant: Grant;
  readonly version: FhirVersion;
  readonly base: string;
  readonly now: Date;
}

/** The served type by its name in any case; a token without this API learns nothing of it. */
export function requireType(context: EnforceContext, name: string): ServedType {
  requireApi(context.grant, context.version.api);
  const found = context.version.types.find((type) => type.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new Problem('type-not-supported', {
    status: 404,
    message: `This server does not have the resource type ${name.slice(0, 64)}. It has ${context.version.types.map((type) => type.name).join(', ')}.`,
  });
}

/** @param read is called once the grant is known to allow searching the type, and not before */
export function enforceSearch(
  context: EnforceContext,
  served: ServedType,
  read: () => SearchRequest,
): { readonly query: EnforcedQuery; readonly request: SearchRequest } {
  const granted = grantedFor(context, served, 's');
  const request = read();
  requireOwnPatient(context.grant, request.patients);
  return { request, query: queryOf(context, served, request.conditions, granted) };
}

/** One resource by its id. What the grant does not cover is not found, as if it did not exist. */
export function enforceRead(context: EnforceContext, served: ServedType, id: string): EnforcedQuery {
  const granted = grantedFor(context, served, 'r');
  return queryOf(context, served, [{ kind: 'id', ids: [id.toLowerCase()] }], granted);
}

/** The documents one may read: those of the DocumentReferences one may read. */
export function enforceDocuments(context: EnforceContext): EnforcedQuery {
  const served = requireType(context, DOCUMENT_TYPE);
  return queryOf(context, served, [], grantedFor(context, served, 'r'));
}

/** The Provenance of found resources; undefined when the grant, or the version, has none of it. */
export function enforceProvenance(
  context: EnforceContext,
  targets: readonly ReferenceValue[],
): EnforcedQuery | undefined {
  const served = context.version.types.find((type) => type.stored === 'Provenance');
  if (served === undefined || permit(context.grant, 's', namesOf(served)) === undefined) return undefined;
  const condition: Condition = { kind: 'reference', index: 'target', values: targets };
  return queryOf(context, served, [condition], grantedFor(context, served, 's'));
}

function queryOf(
  { grant, version }: EnforceContext,
  served: ServedType,
  conditions: readonly Condition[],
  granted: EnforcedQuery['granted'],
): EnforcedQuery {
  const home: Home =
    served.home === 'record'
      ? { kind: 'record', recordId: grant.recordId }
      : { kind: 'practice', practiceId: grant.practiceId };
  const query: Omit<EnforcedQuery, typeof enforced> = {
    home,
    type: served.stored,
    projection: version.projection,
    conditions: [...conditions.map(withPossibleIds), ...aboutGranted(grant, version, served)],
    granted,
  };
  return query as EnforcedQuery;
}

/**
 * Provenance tells of other resources, when and by whom they were made: it is seen where one of its targets is of a type
 * the grant covers. A granular scope covers its type whole here: what Provenance tells of an Observation of another
 * category, that it exists and who made it, is not held back.
 */
function aboutGranted(grant: Grant, version: FhirVersion, served: ServedType): readonly Condition[] {
  if (served.stored !== 'Provenance') return [];
  const covers = (type: ServedType) => (['r', 's'] as const).some((one) => permit(grant, one, namesOf(type)));
  const covered = version.types.filter(covers);
  if (covered.length === version.types.length) return [];
  const values = covered.map(({ stored }) => ({ system: undefined, code: stored }));
  return [{ kind: 'token', index: 'target-type', values }];
}

/** Every id here is a UUID: another one names nothing, and PostgreSQL must not be asked to read it as one. */
const withPossibleIds = (condition: Condition): Condition =>
  condition.kind === 'id' ? { kind: 'id', ids: condition.ids.filter(isUuid) } : condition;

const namesOf = (served: ServedType): readonly string[] => [served.name, served.stored];

function grantedFor(context: EnforceContext, served: ServedType, permission: Permission): EnforcedQuery['granted'] {
  requireApi(context.grant, context.version.api);
  const { queries } = requirePermit(context.grant, permission, namesOf(served));
  if (queries.length === 0) return undefined;
  return queries.map((query) => granularConditions(query, { ...context, served })).filter((one) => one !== undefined);
}

/** SMART App Launch 2.2 §3.0.2.5. A scope with a parameter we can't apply grants nothing: it must not grant more than it says. */
function granularConditions(query: string, context: SearchContext): readonly Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    const condition = granularCondition(name, value, context);
    if (condition === undefined) return undefined;
    conditions.push(condition);
  }
  return conditions.length === 0 ? undefined : conditions;
}

function granularCondition(name: string, value: string, context: SearchContext): Condition | undefined {
  try {
    const criterion = value === '' ? undefined : readCriterion(name, undefined, value, context);
    return criterion === undefined || criterion.kind === 'patient' ? undefined : criterion;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function requireOwnPatient(grant: Grant, patients: readonly ReferenceValue[]): void {
  const own = patients.every(
    ({ type, id }) => (type ?? 'Patient') === 'Patient' && id === grant.patientId.toLowerCase(),
  );
  if (own) return;
  throw new Problem('patient-mismatch', {
    status: 403,
    message:
      'This access token is for the record of another patient than the search names. Leave the patient parameter out, or give it the patient id that came with the token.',
  });
}
