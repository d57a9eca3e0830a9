import { authorize, requireAccess, requireApiAdded } from '../../access/index.ts';
import type { SearchSort } from '../model/condition.ts';
import type { ServedType } from '../model/fhir-version.ts';
import { typeVariants } from '../model/type-variants.ts';
import { continueByPatient, invalidCursor, type PageCursor } from '../search/cursor.ts';
import {
  asksForChangesSince,
  BY_PATIENT,
  NEWEST_CHANGES_FIRST,
  NEWEST_MAIN_DATE_FIRST,
  type SearchRequest,
  sortName,
} from '../search/search-request.ts';
import { type EnforcedQuery, enforceSearch } from './enforce.ts';
import { type EnforcementContext, scopeTypeNames } from './enforcement-context.ts';

/**
 * The authorized query for one R4 type of a search. A search by one name can cover several R4 types: a search for DSTU2
 * CarePlan covers R4 CarePlan and CareTeam.
 */
export interface VariantQuery {
  readonly variant: ServedType;
  readonly query: EnforcedQuery;
  /**
   * Sort order of the query. If a search by one name covers several R4 types, a sort by date can use another search
   * index for each of them.
   */
  readonly sort: SearchSort;
}

/**
 * A search request with one query for each R4 type that is served under the requested name. Types that the grant
 * doesn't allow, or that the request can't match, have no query.
 */
export interface EnforcedVariants {
  readonly request: SearchRequest;
  readonly variants: readonly VariantQuery[];
}

/**
 * Returns the order of a search over whole practices that requests none, or undefined for any other search. PostgreSQL
 * finds a page in this order without reading all matches: by the time of the last change if the search finds only what
 * changed after a given time (`_lastUpdated`), otherwise patient by patient. A search by ids finds few resources.
 */
function orderOfPractices(
  variants: readonly VariantQuery[],
  { isSortRequested, conditions }: SearchRequest,
): SearchSort | undefined {
  const coverPractices = variants.some(
    ({ query: { compartment, scope } }) =>
      compartment === 'record' && scope?.kind === 'practices' && scope.patientIds === undefined,
  );
  if (!coverPractices || isSortRequested) return undefined;
  if (conditions.some(asksForChangesSince)) return NEWEST_CHANGES_FIRST;
  return conditions.some(({ kind }) => kind === 'id') ? undefined : BY_PATIENT;
}

/**
 * Authorizes a search for a served type. If several R4 types are served under its name, each is searched under its own
 * scopes.
 * @param read parses the request for one R4 type and returns undefined if the search can't match that type; it is
 * called only if the grant allows searching at least one of the R4 types
 * @throws Problem 403 if the grant allows none of the types, 400 if the page cursor belongs to another sort order
 */
export function enforceVariants(
  context: EnforcementContext,
  served: ServedType,
  read: (form: ServedType) => SearchRequest | undefined,
): EnforcedVariants {
  const { grant, version } = context;
  requireApiAdded(grant, version.api);
  const allowed = typeVariants(served).filter((form) => authorize(grant, 's', scopeTypeNames(form)).length > 0);
  if (allowed.length === 0) requireAccess(grant, 's', scopeTypeNames(served));
  // The request is parsed for the served type itself even if the grant allows only another R4 type of the same name,
  // because the sort order and the page cursor belong to the whole search.
  const parsed = read(served) as SearchRequest;
  const forms = allowed.flatMap((form): readonly VariantQuery[] => {
    const own = form === served ? parsed : read(form);
    if (own === undefined) return [];
    return [{ variant: form, sort: own.sort, query: enforceSearch(context, form, () => own).query }];
  });
  const sort = orderOfPractices(forms, parsed);
  const request = sort === undefined ? parsed : { ...parsed, sort, cursor: inOrder(parsed.cursor, sort) };
  if (request.cursor !== undefined && request.cursor.sort !== sortName(request.sort)) throw invalidCursor();
  return { request, variants: sort === undefined ? forms : forms.map((form) => ({ ...form, sort })) };
}

/** Returns the cursor of a search over practices. The previous release sorted such a search by the main date. */
const inOrder = (cursor: PageCursor | undefined, sort: SearchSort): PageCursor | undefined =>
  sort === BY_PATIENT && cursor?.sort === sortName(NEWEST_MAIN_DATE_FIRST)
    ? continueByPatient(cursor, sortName(sort))
    : cursor;
