import { type Grant, mayReadFhirUser, permit, type Reach, requireApi } from '../../access/index.ts';
import { type Condition, idCondition } from './condition.ts';
import { type EnforceContext, namesOf, requireType } from './context.ts';
import { mayHaveDocuments } from './document-address.ts';
import type { EnforcedCondition } from './enforced-link.ts';
import { type EnforcedQuery, linked, queryOf, reachesFor, searchable } from './enforced-query.ts';
import type { Asked } from './link.ts';
import { isEverything, isWide } from './parts.ts';
import { patientsNamed } from './patients-named.ts';
import type { SearchRequest } from './search-request.ts';
import type { ServedType } from './version.ts';

export { type EnforcedEverything, type Everything, enforceEverything } from './enforce-everything.ts';
export type { EnforcedQuery } from './enforced-query.ts';

/** Main type with documents as attachments. `mayHaveDocuments` lists the others. */
export const DOCUMENT_TYPE = 'DocumentReference';

/**
 * Authorizes a search of one type.
 * @param read parses the request; it is called only after the grant is known to allow searching the type
 * @throws Problem 403 if the grant doesn't allow the search
 */
export function enforceSearch(
  context: EnforceContext,
  served: ServedType,
  read: () => SearchRequest,
): { readonly query: EnforcedQuery; readonly request: SearchRequest } {
  const rules = reachesFor(context, served, 's');
  const request = read();
  const patientIds = patientsNamed(context, served, rules, request.patients);
  const conditions = request.conditions.map((one) => linked(context, one));
  return { request, query: queryOf(context, served, rules, conditions, patientIds) };
}

/**
 * Authorizes the read of one resource. A resource outside the grant is not found, as if it didn't exist.
 * @throws Problem 403
 */
export function enforceRead(context: EnforceContext, served: ServedType, id: string): EnforcedQuery {
  const rules = withFhirUser(context, served, id) ?? reachesFor(context, served, 'r');
  return queryOf(context, served, rules, [idCondition([id])]);
}

/**
 * Authorizes the documents of all resources that the grant allows to read, with a query for each type.
 * @throws Problem 403
 */
export function enforceDocuments(context: EnforceContext): readonly EnforcedQuery[] {
  const { grant, version } = context;
  const main = requireType(context, DOCUMENT_TYPE);
  const queries = version.types
    .filter(({ stored }) => mayHaveDocuments(stored))
    .flatMap((served): readonly EnforcedQuery[] => {
      const rules = permit(grant, 'r', namesOf(served));
      return rules.length === 0 ? [] : [queryOf(context, served, rules, [])];
    });
  return queries.length === 0 ? [queryOf(context, main, reachesFor(context, main, 'r'), [])] : queries;
}

/**
 * SMART App Launch 2.2 §3.0.2.3: `fhirUser` allows reading the user's own resource, without other access to its type.
 */
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
  return [{ of, queries: [] }, ...permit(grant, 'r', namesOf(served)).filter((rule) => rule.of !== of)];
}

/** Where the matches of a search are: record ids, or practice ids of directories. */
export type Beside = Extract<Condition, { readonly kind: 'records' | 'directories' }>;

/**
 * Authorizes resources of one type that are included with the matches of a search.
 * @param location limits them to the compartments of the matches, and to the directories or records of the same practices,
 * even if the grant covers more; undefined means no such limit
 * @returns undefined if the grant allows nothing of the type there
 */
export function enforceIncluded(
  context: EnforceContext,
  served: ServedType,
  location: Beside | undefined,
  conditions: readonly EnforcedCondition[],
): EnforcedQuery | undefined {
  const rules = searchable(context.grant, served);
  if (rules.length === 0) return undefined;
  const limits = location === undefined ? [] : limitsOf(context.grant, served, isWide(rules), location);
  return limits && queryOf(context, served, rules, [...conditions, ...limits]);
}

/**
 * Conditions that keep included rows with the matches. A grant may cover only one record for the included type but
 * practices for the type of the matches, or the other way round.
 * @returns undefined if nothing of the type can be there
 */
function limitsOf(
  { record, practices }: Grant,
  { home }: ServedType,
  isOfPractices: boolean,
  location: Beside,
): readonly Condition[] | undefined {
  if (!isOfPractices) {
    const own = location.kind === 'records' ? record?.recordId : record?.practiceId;
    const isOwn = own !== undefined && location.values.includes(own);
    if (isOwn) return [];
    // Other records can share the directory of the record in context, because they belong to the same practice.
    return home === 'practice' && location.kind === 'records' ? [location] : undefined;
  }
  const isAll = practices.length === 1 && (home === 'practice' || location.kind === 'directories');
  return isAll ? [] : [location];
}

/**
 * Authorizes the export of several types. Types without any condition or limit share one query for records and one for
 * directories.
 * @param patientIds limits the export to these patients; undefined means all
 * @throws Problem 403 if the grant doesn't allow searching one of the types
 */
export function enforceExport(
  context: EnforceContext,
  requested: readonly { readonly served: ServedType; readonly conditions: readonly Asked[] }[],
  patientIds: readonly string[] | undefined,
): readonly EnforcedQuery[] {
  const queries = requested.map(({ served, conditions }) => {
    const enforced = conditions.map((one) => linked(context, one));
    // A directory belongs to the practice and isn't about a patient.
    const ofPatients = served.home === 'record' ? patientIds : undefined;
    return queryOf(context, served, reachesFor(context, served, 's'), enforced, ofPatients);
  });
  const unlimited = Map.groupBy(queries.filter(isWhole), ({ kept }) => kept);
  const combined = [...unlimited.values()].flatMap(([first, ...others]): readonly EnforcedQuery[] =>
    first === undefined ? [] : [{ ...first, also: others.map(({ type }) => type) }],
  );
  return [...combined, ...queries.filter((query) => !isWhole(query))];
}

/** True if the query matches every row of the type in its search scope. */
const isWhole = ({ parts, conditions, projection }: EnforcedQuery): boolean =>
  conditions.length === 0 && projection === undefined && parts.some(isEverything);
