import { type AccessGrant, type AccessRule, authorize, mayReadFhirUser, requireApiAdded } from '../../access/index.ts';
import { idIn, type RowCondition } from '../model/condition.ts';
import { mayHaveDocuments } from '../model/document-url.ts';
import type { ServedType } from '../model/fhir-version.ts';
import type { SearchCondition } from '../model/search-link.ts';
import type { SearchRequest } from '../search/search-request.ts';
import { coversPractices, isUnrestricted } from './access-filters.ts';
import type { EnforcedCondition } from './enforced-link.ts';
import {
  createEnforcedQuery,
  type EnforcedQuery,
  enforceCondition,
  getSearchRules,
  requireAccessRules,
} from './enforced-query.ts';
import { type EnforcementContext, requireType, scopeTypeNames } from './enforcement-context.ts';
import { requestedPatients } from './requested-patients.ts';

export { type EnforcedEverything, type EverythingRequest, enforceEverything } from './enforce-everything.ts';
export type { EnforcedQuery } from './enforced-query.ts';

/** Main type with documents as attachments. `mayHaveDocuments` lists the others. */
export const DOCUMENT_TYPE = 'DocumentReference';

/**
 * Authorizes a search of one type.
 * @param read parses the request; it is called only after the grant is known to allow searching the type
 * @throws Problem 403 if the grant doesn't allow the search
 */
export function enforceSearch(
  context: EnforcementContext,
  served: ServedType,
  read: () => SearchRequest,
): { readonly query: EnforcedQuery; readonly request: SearchRequest } {
  const rules = requireAccessRules(context, served, 's');
  const request = read();
  const patientIds = requestedPatients(context, served, rules, request.patients);
  const conditions = request.conditions.map((one) => enforceCondition(context, one));
  return { request, query: createEnforcedQuery(context, served, rules, conditions, patientIds) };
}

/**
 * Authorizes the read of one resource. A resource outside the grant is not found, as if it didn't exist.
 * @throws Problem 403
 */
export function enforceRead(context: EnforcementContext, served: ServedType, id: string): EnforcedQuery {
  const rules = fhirUserRules(context, served, id) ?? requireAccessRules(context, served, 'r');
  return createEnforcedQuery(context, served, rules, [idIn([id])]);
}

/**
 * Authorizes the documents of all resources that the grant allows to read, with a query for each type.
 * @throws Problem 403
 */
export function enforceDocuments(context: EnforcementContext): readonly EnforcedQuery[] {
  const { grant, version } = context;
  const main = requireType(context, DOCUMENT_TYPE);
  const queries = version.types
    .filter(({ stored }) => mayHaveDocuments(stored))
    .flatMap((served): readonly EnforcedQuery[] => {
      const rules = authorize(grant, 'r', scopeTypeNames(served));
      return rules.length === 0 ? [] : [createEnforcedQuery(context, served, rules, [])];
    });
  return queries.length === 0
    ? [createEnforcedQuery(context, main, requireAccessRules(context, main, 'r'), [])]
    : queries;
}

/**
 * SMART App Launch 2.2 §3.0.2.3: `fhirUser` allows reading the user's own resource, without other access to its type.
 */
function fhirUserRules(
  { grant, version }: EnforcementContext,
  served: ServedType,
  id: string,
): readonly AccessRule[] | undefined {
  const { fhirUser } = grant;
  const isOwn = fhirUser?.type === served.stored && fhirUser.id.toLowerCase() === id.toLowerCase();
  if (!isOwn || !mayReadFhirUser(grant)) return undefined;
  requireApiAdded(grant, version.api);
  const of = served.compartment === 'practice' && grant.practices.length > 0 ? 'practices' : 'record';
  if (of === 'record' && grant.record === undefined) return undefined;
  return [
    { target: of, queries: [] },
    ...authorize(grant, 'r', scopeTypeNames(served)).filter((rule) => rule.target !== of),
  ];
}

/** Where the matches of a search are: record ids, or practice ids of directories. */
export type MatchLocation = Extract<RowCondition, { readonly kind: 'records' | 'directories' }>;

/**
 * Authorizes resources of one type that are included with the matches of a search.
 * @param location limits them to the compartments of the matches, and to the directories or records of the same practices,
 * even if the grant covers more; undefined means no such limit
 * @returns undefined if the grant allows nothing of the type there
 */
export function enforceIncluded(
  context: EnforcementContext,
  served: ServedType,
  location: MatchLocation | undefined,
  conditions: readonly EnforcedCondition[],
): EnforcedQuery | undefined {
  const rules = getSearchRules(context.grant, served);
  if (rules.length === 0) return undefined;
  const limits =
    location === undefined ? [] : locationConditions(context.grant, served, coversPractices(rules), location);
  return limits && createEnforcedQuery(context, served, rules, [...conditions, ...limits]);
}

/**
 * Conditions that keep included rows with the matches. A grant may cover only one record for the included type but
 * practices for the type of the matches, or the other way round.
 * @returns undefined if nothing of the type can be there
 */
function locationConditions(
  { record, practices }: AccessGrant,
  { compartment }: ServedType,
  isOfPractices: boolean,
  location: MatchLocation,
): readonly RowCondition[] | undefined {
  if (!isOfPractices) {
    const own = location.kind === 'records' ? record?.recordId : record?.practiceId;
    const isOwn = own !== undefined && location.values.includes(own);
    if (isOwn) return [];
    // Other records can share the directory of the record in context, because they belong to the same practice.
    return compartment === 'practice' && location.kind === 'records' ? [location] : undefined;
  }
  const isAll = practices.length === 1 && (compartment === 'practice' || location.kind === 'directories');
  return isAll ? [] : [location];
}

/**
 * Authorizes the export of several types. Types without any condition or limit share one query for records and one for
 * directories.
 * @param patientIds limits the export to these patients; undefined means all
 * @throws Problem 403 if the grant doesn't allow searching one of the types
 */
export function enforceExport(
  context: EnforcementContext,
  requested: readonly { readonly served: ServedType; readonly conditions: readonly SearchCondition[] }[],
  patientIds: readonly string[] | undefined,
): readonly EnforcedQuery[] {
  const queries = requested.map(({ served, conditions }) => {
    const enforced = conditions.map((one) => enforceCondition(context, one));
    // A directory belongs to the practice and isn't about a patient.
    const ofPatients = served.compartment === 'record' ? patientIds : undefined;
    return createEnforcedQuery(context, served, requireAccessRules(context, served, 's'), enforced, ofPatients);
  });
  const unlimited = Map.groupBy(queries.filter(matchesEveryRow), ({ compartment }) => compartment);
  const combined = [...unlimited.values()].flatMap(([first, ...others]): readonly EnforcedQuery[] =>
    first === undefined ? [] : [{ ...first, otherTypes: others.map(({ type }) => type) }],
  );
  return [...combined, ...queries.filter((query) => !matchesEveryRow(query))];
}

/** True if the query matches every row of the type in its search scope. */
const matchesEveryRow = ({ filters, conditions, projection }: EnforcedQuery): boolean =>
  conditions.length === 0 && projection === undefined && filters.some(isUnrestricted);
