import { type Grant, mayReadFhirUser, permit, type Reach, requireApi, requirePermit } from '../../access/index.ts';
import { isUuid, type PracticeId, Problem } from '../../kernel/index.ts';
import { type Condition, idCondition, type ReferenceValue } from './condition.ts';
import { type EnforceContext, namesOf, requireType } from './context.ts';
import type { Asked, EnforcedCondition, EnforcedLink, Link } from './link.ts';
import { isWide, linkedPartsOf, type Part, type Place, partsOf, placeOf } from './parts.ts';
import type { SearchRequest } from './search-request.ts';
import type { ServedType } from './version.ts';

declare const enforced: unique symbol;

/**
 * A query that has been through authorization. The store takes no other, and only this file can make one: what a grant
 * does not allow is no part of it, so that rows, totals and pages need no filter afterwards.
 */
export interface EnforcedQuery {
  readonly [enforced]: true;
  /** Where rows of the type are kept. */
  readonly kept: ServedType['home'];
  /** As stored. */
  readonly type: string;
  readonly projection: string | undefined;
  /** Whose rows: the first key of every query. undefined: nobody's. */
  readonly place: Place | undefined;
  /** A row is in one of them. */
  readonly parts: readonly Part[];
  /** All must hold. */
  readonly conditions: readonly EnforcedCondition[];
  /** That of the record in context: whose row is read when several practices have the id. */
  readonly practice: PracticeId | undefined;
}

/** The type whose attachments are kept as documents. */
export const DOCUMENT_TYPE = 'DocumentReference';

/** @param read is called once the grant is known to allow searching the type, and not before */
export function enforceSearch(
  context: EnforceContext,
  served: ServedType,
  read: () => SearchRequest,
): { readonly query: EnforcedQuery; readonly request: SearchRequest } {
  const reaches = reachesFor(context, served, 's');
  const request = read();
  const patientIds = patientsNamed(context.grant, reaches, request.patients);
  const conditions = request.conditions.map((asked) => linked(context, asked));
  return { request, query: queryOf(context, served, reaches, conditions, patientIds) };
}

/** What a search asks of another resource is asked of those that the grant allows to be searched, and of no other. */
function linked(context: EnforceContext, asked: Asked): EnforcedCondition {
  if (asked.kind === 'alternatives') {
    const allowed = asked.of.filter(({ other }) => permit(context.grant, 's', namesOf(other)).length > 0);
    const of = allowed.length === 0 ? asked.of : allowed;
    return { kind: 'alternatives', of: of.map((link) => enforceLink(context, link)) };
  }
  return asked.kind === 'link' ? enforceLink(context, asked) : asked;
}

function enforceLink(context: EnforceContext, { direction, by, other, asked }: Link): EnforcedLink {
  const reaches = reachesFor(context, other, 's');
  const conditions = asked.map((one) => linked(context, one));
  const parts = linkedPartsOf(context, other, reaches);
  return { kind: 'linked', direction, by, type: other.stored, home: other.home, parts, conditions };
}

/** One resource by its id. What the grant does not cover is not found, as if it did not exist. */
export function enforceRead(context: EnforceContext, served: ServedType, id: string): EnforcedQuery {
  const reaches = withFhirUser(context, served, id) ?? reachesFor(context, served, 'r');
  return queryOf(context, served, reaches, [idCondition([id])]);
}

/** The documents one may read: those of the DocumentReferences one may read. */
export function enforceDocuments(context: EnforceContext): EnforcedQuery {
  const served = requireType(context, DOCUMENT_TYPE);
  return queryOf(context, served, reachesFor(context, served, 'r'), []);
}

/**
 * What comes along with rows that were found, of one type; undefined: the grant has none of it.
 * @param records of those rows: what is included is in the same ones; undefined: they are of a directory
 */
export function enforceIncluded(
  context: EnforceContext,
  served: ServedType,
  records: readonly number[] | undefined,
  conditions: readonly Condition[],
): EnforcedQuery | undefined {
  const reaches = permit(context.grant, 's', namesOf(served));
  if (reaches.length === 0) return undefined;
  const limited = records !== undefined && isWide(reaches) && served.home === 'record';
  return queryOf(
    context,
    served,
    reaches,
    limited ? [...conditions, { kind: 'records', values: records }] : conditions,
  );
}

function queryOf(
  context: EnforceContext,
  served: ServedType,
  reaches: readonly Reach[],
  conditions: readonly EnforcedCondition[],
  patientIds?: readonly string[],
): EnforcedQuery {
  const { grant, version } = context;
  const query: Omit<EnforcedQuery, typeof enforced> = {
    kept: served.home,
    type: served.stored,
    projection: version.projection,
    place: placeOf(grant, served, reaches, patientIds),
    parts: partsOf(context, served, reaches),
    conditions,
    practice: grant.record?.practiceId,
  };
  return query as EnforcedQuery;
}

function reachesFor({ grant, version }: EnforceContext, served: ServedType, permission: 'r' | 's'): readonly Reach[] {
  requireApi(grant, version.api);
  return requirePermit(grant, permission, namesOf(served));
}

/** SMART App Launch 2.2 §3.0.2.3: with `fhirUser` the resource that says who signed in may be read, if nothing else of its type. */
function withFhirUser(
  { grant, version }: EnforceContext,
  served: ServedType,
  id: string,
): readonly Reach[] | undefined {
  const { fhirUser } = grant;
  const isOwn = fhirUser?.type === served.stored && fhirUser.id.toLowerCase() === id.toLowerCase();
  if (!isOwn || !mayReadFhirUser(grant)) return undefined;
  requireApi(grant, version.api);
  const of = served.home === 'practice' && grant.practices.length > 0 ? 'practices' : 'record';
  if (of === 'record' && grant.record === undefined) return undefined;
  return [{ of, queries: [] }, ...permit(grant, 'r', namesOf(served)).filter((reach) => reach.of !== of)];
}

/**
 * Whom the search is about. Where the token is for one patient another one is refused; where it is for practices the
 * search is narrowed, and whoever is not there has nothing to be found.
 * @returns undefined: everyone within reach
 */
function patientsNamed(
  grant: Grant,
  reaches: readonly Reach[],
  named: SearchRequest['patients'],
): readonly string[] | undefined {
  if (!isWide(reaches)) requireOwnPatient(grant, named.flat());
  else if (named.length > 0) return common(named.map(idsOfPatients));
  return undefined;
}

const idsOfPatients = (patients: readonly ReferenceValue[]): readonly string[] =>
  patients.flatMap(({ type = 'Patient', id }) => (type === 'Patient' && isUuid(id) ? [id] : []));

const common = ([first = [], ...rest]: readonly (readonly string[])[]): readonly string[] =>
  first.filter((id) => rest.every((others) => others.includes(id)));

function requireOwnPatient({ record }: Grant, patients: readonly ReferenceValue[]): void {
  const own = patients.every(
    ({ type = 'Patient', id }) => type === 'Patient' && id === record?.patientId.toLowerCase(),
  );
  if (own) return;
  throw new Problem('patient-mismatch', {
    status: 403,
    message:
      'This access token is for the record of another patient than the search names. Leave the patient parameter out, or give it the patient id that came with the token.',
  });
}
