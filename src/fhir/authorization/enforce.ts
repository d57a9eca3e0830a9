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
export { type EnforcedQuery, onlyRecord } from './enforced-query.ts';

/**
 * R4 type of the resources that most documents are attached to. `mayHaveDocuments` tells which other types can have
 * documents as attachments.
 */
export const DOCUMENT_TYPE = 'DocumentReference';

/**
 * Authorizes a search for one type.
 * @param read parses the request, but only after the grant is known to allow searching the type
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
 * Authorizes the read of one resource. If the grant doesn't include the resource, the query finds nothing, and the
 * client gets 404 as if the resource didn't exist.
 * @throws Problem 403 if the grant doesn't allow reading the type
 */
export function enforceRead(context: EnforcementContext, served: ServedType, id: string): EnforcedQuery {
  const rules = fhirUserRules(context, served, id) ?? requireAccessRules(context, served, 'r');
  return createEnforcedQuery(context, served, rules, [idIn([id])]);
}

/** Whether a query finds only resources of the patient record in context. */
export const isOwnRecord = ({ compartment, scope }: EnforcedQuery, { grant }: EnforcementContext): boolean =>
  compartment === 'record' && scope?.kind === 'record' && scope.recordId === grant.record?.recordId;

/**
 * Authorizes the download of documents. A client may read a document if it may read a resource that has the document as
 * an attachment. So there is one query for each resource type that can have such attachments.
 * @throws Problem 403 if the grant allows reading none of these types
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
 * Returns the access rules for the resource of the signed-in user. The scope `fhirUser` allows reading that one
 * resource, even without access to its type (SMART App Launch 2.2 §3.0.2.3).
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

/** Where the matches of a search are: ids of patient records, or of practices whose directories contain the matches. */
export type MatchLocation = Extract<RowCondition, { readonly kind: 'records' | 'directories' }>;

/**
 * Authorizes the resources of one type that `_include` or `_revinclude` adds to a search result.
 * @param location patient records or practices of the matches; the included resources must be in these records or in
 * the directories of their practices, even if the grant allows more; undefined means no such limit
 * @returns undefined if the grant allows no resources of the type at that location
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
 * Returns conditions that limit included resources to the records or practices of the matches. They are needed because
 * a grant may allow the included type in one record only, but the type of the matches in whole practices, or the other
 * way round.
 * @returns undefined if the grant allows no resources of the type at that location
 */
function locationConditions(
  { record, practices }: AccessGrant,
  { compartment }: ServedType,
  isOfPractices: boolean,
  location: MatchLocation,
): readonly RowCondition[] | undefined {
  if (!isOfPractices) {
    const compartmentId = location.kind === 'records' ? record?.recordId : record?.practiceId;
    const isOwn = compartmentId !== undefined && location.values.includes(compartmentId);
    if (isOwn) return [];
    // The record in context isn't among the records of the matches. All records of a practice share its directory, so
    // the matches can still refer to directory resources that the grant allows. Resources of patient records are not
    // included.
    return compartment === 'practice' && location.kind === 'records' ? [location] : undefined;
  }
  const isAll = practices.length === 1 && (compartment === 'practice' || location.kind === 'directories');
  return isAll ? [] : [location];
}

/**
 * Authorizes the export of several types. Types that are exported without any condition share one query for patient
 * records and one for directories.
 * @param patientIds limits the export to these patients; undefined means all patients
 * @throws Problem 403 if the grant doesn't allow searching one of the types
 */
export function enforceExport(
  context: EnforcementContext,
  requested: readonly { readonly served: ServedType; readonly conditions: readonly SearchCondition[] }[],
  patientIds: readonly string[] | undefined,
): readonly EnforcedQuery[] {
  const queries = requested.map(({ served, conditions }) => {
    const enforced = conditions.map((one) => enforceCondition(context, one));
    // Directory resources aren't about a patient, so the limit to some patients doesn't apply to them.
    const ofPatients = served.compartment === 'record' ? patientIds : undefined;
    return createEnforcedQuery(context, served, requireAccessRules(context, served, 's'), enforced, ofPatients);
  });
  const unlimited = Map.groupBy(queries.filter(matchesEveryRow), ({ compartment }) => compartment);
  const combined = [...unlimited.values()].flatMap(([first, ...others]): readonly EnforcedQuery[] =>
    first === undefined ? [] : [{ ...first, otherTypes: others.map(({ type }) => type) }],
  );
  return [...combined, ...queries.filter((query) => !matchesEveryRow(query))];
}

/**
 * True if neither the request nor the grant limits the query, so that it matches every resource of its type in the
 * records or practices that it may search.
 */
const matchesEveryRow = ({ filters, conditions, projection }: EnforcedQuery): boolean =>
  conditions.length === 0 && projection === undefined && filters.some(isUnrestricted);
