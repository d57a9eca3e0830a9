import { type Grant, mayReadFhirUser, permit, type Reach, requireApi } from '../../access/index.ts';
import { type Condition, idCondition } from './condition.ts';
import { type EnforceContext, namesOf, requireType } from './context.ts';
import { mayHaveDocuments } from './document-address.ts';
import { type EnforcedQuery, linked, queryOf, reachesFor, searchable } from './enforced-query.ts';
import type { Asked, EnforcedCondition } from './link.ts';
import { isEverything, isWide } from './parts.ts';
import { patientsNamed } from './patients-named.ts';
import type { SearchRequest } from './search-request.ts';
import type { ServedType } from './version.ts';

export { type EnforcedEverything, type Everything, enforceEverything } from './enforce-everything.ts';
export type { EnforcedQuery } from './enforced-query.ts';

/** The type of whose resources documents are the contents; others have some as well. */
export const DOCUMENT_TYPE = 'DocumentReference';

/** @param read is called once the grant is known to allow searching the type, and not before */
export function enforceSearch(
  context: EnforceContext,
  served: ServedType,
  read: () => SearchRequest,
): { readonly query: EnforcedQuery; readonly request: SearchRequest } {
  const reaches = reachesFor(context, served, 's');
  const request = read();
  const patientIds = patientsNamed(context, served, reaches, request.patients);
  const conditions = request.conditions.map((asked) => linked(context, asked));
  return { request, query: queryOf(context, served, reaches, conditions, patientIds) };
}

/** One resource by its id. What the grant does not cover is not found, as if it did not exist. */
export function enforceRead(context: EnforceContext, served: ServedType, id: string): EnforcedQuery {
  const reaches = withFhirUser(context, served, id) ?? reachesFor(context, served, 'r');
  return queryOf(context, served, reaches, [idCondition([id])]);
}

/** The documents one may read: those of the resources one may read, by a query for each type of these. */
export function enforceDocuments(context: EnforceContext): readonly EnforcedQuery[] {
  const { grant, version } = context;
  const main = requireType(context, DOCUMENT_TYPE);
  const queries = version.types
    .filter(({ stored }) => mayHaveDocuments(stored))
    .flatMap((served): readonly EnforcedQuery[] => {
      const reaches = permit(grant, 'r', namesOf(served));
      return reaches.length === 0 ? [] : [queryOf(context, served, reaches, [])];
    });
  return queries.length === 0 ? [queryOf(context, main, reachesFor(context, main, 'r'), [])] : queries;
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

/** Where rows are that were found: in records, or in directories, by their numbers. */
export type Beside = Extract<Condition, { readonly kind: 'records' | 'directories' }>;

/**
 * What comes along with rows that were found, of one type; undefined: the grant has none of it there.
 * @param beside where these rows are: what is included is there too, or in the directory or the records that go with it,
 * whatever the grant reaches otherwise; undefined: they are nowhere, or it does not matter
 */
export function enforceIncluded(
  context: EnforceContext,
  served: ServedType,
  beside: Beside | undefined,
  conditions: readonly EnforcedCondition[],
): EnforcedQuery | undefined {
  const reaches = searchable(context.grant, served);
  if (reaches.length === 0) return undefined;
  const limits = beside === undefined ? [] : limitsOf(context.grant, served, isWide(reaches), beside);
  return limits && queryOf(context, served, reaches, [...conditions, ...limits]);
}

/**
 * What keeps the rows of a type beside others. A grant may reach one record with this type, and practices with that of the
 * others, or the other way round.
 * @returns undefined: nothing of the type is beside them
 */
function limitsOf(
  { record, practices }: Grant,
  { home }: ServedType,
  wide: boolean,
  beside: Beside,
): readonly Condition[] | undefined {
  if (!wide) {
    const own = beside.kind === 'records' ? record?.recordId : record?.practiceId;
    const isOwn = own !== undefined && beside.values.includes(own);
    if (isOwn) return [];
    // The directory of the record in context may be that of other records, too.
    return home === 'practice' && beside.kind === 'records' ? [beside] : undefined;
  }
  const isAll = practices.length === 1 && (home === 'practice' || beside.kind === 'directories');
  return isAll ? [] : [beside];
}

/**
 * All that a search of each of the types finds. Types that the grant has whole, and of which nothing is asked, are one
 * query for each place where rows are kept.
 * @param patientIds of these patients alone; undefined: of all
 */
export function enforceExport(
  context: EnforceContext,
  wanted: readonly { readonly served: ServedType; readonly conditions: readonly Asked[] }[],
  patientIds: readonly string[] | undefined,
): readonly EnforcedQuery[] {
  const queries = wanted.map(({ served, conditions }) => {
    const asked = conditions.map((one) => linked(context, one));
    // A directory is the practice's, and is about no patient.
    const ofPatients = served.home === 'record' ? patientIds : undefined;
    return queryOf(context, served, reachesFor(context, served, 's'), asked, ofPatients);
  });
  const whole = Map.groupBy(queries.filter(isWhole), ({ kept }) => kept);
  const together = [...whole.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, also: others.map(({ type }) => type) }],
  );
  return [...together, ...queries.filter((query) => !isWhole(query))];
}

/** Every row of the type in the place. */
const isWhole = ({ parts, conditions, projection }: EnforcedQuery): boolean =>
  conditions.length === 0 && projection === undefined && parts.some(isEverything);
