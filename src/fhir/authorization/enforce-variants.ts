import { type AccessGrant, authorize, requireAccess, requireApiAdded } from '../../access/index.ts';
import type { SearchSort } from '../model/condition.ts';
import type { ServedType } from '../model/fhir-version.ts';
import { typeVariants } from '../model/type-variants.ts';
import { invalidCursor } from '../search/cursor.ts';
import { asksForChangesSince, NEWEST_CHANGES_FIRST, type SearchRequest, sortName } from '../search/search-request.ts';
import { coversPractices } from './access-filters.ts';
import { type EnforcedQuery, enforceSearch } from './enforce.ts';
import { type EnforcementContext, scopeTypeNames } from './enforcement-context.ts';

/**
 * An authorized search of one R4 type. Several R4 types can be served under one name, such as CarePlan and CareTeam as
 * DSTU2 CarePlan.
 */
export interface VariantQuery {
  readonly variant: ServedType;
  readonly query: EnforcedQuery;
  /** Sort order of the query. A sort by date can use different search indexes for different R4 types of one search. */
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
 * True if a search across practices asks for changes since some time and requests no sort order. Its results are then
 * sorted by the time of the last change. A database index has this order, so PostgreSQL finds a page without reading
 * all matches.
 */
function isChangePoll(
  grant: AccessGrant,
  served: ServedType,
  { isSortRequested, conditions, patients }: SearchRequest,
): boolean {
  if (isSortRequested || served.compartment !== 'record' || patients.length > 0) return false;
  return conditions.some(asksForChangesSince) && coversPractices(authorize(grant, 's', scopeTypeNames(served)));
}

/**
 * Authorizes a search for a served type. If several R4 types are served under its name, each is searched under its own
 * scopes.
 * @param read parses the request for one of these R4 types, but only after the grant is known to allow searching at
 * least one of them; it returns undefined if the search can't match that type
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
  // The request is always parsed with the parameters of the served type itself, even if the grant allows only another
  // R4 type under the same name.
  const parsed = read(served) as SearchRequest;
  const request = isChangePoll(grant, served, parsed) ? { ...parsed, sort: NEWEST_CHANGES_FIRST } : parsed;
  if (request.cursor !== undefined && request.cursor.sort !== sortName(request.sort)) throw invalidCursor();
  const forms = allowed.flatMap((form): readonly VariantQuery[] => {
    const own = form === served ? request : read(form);
    if (own === undefined) return [];
    return [
      {
        variant: form,
        sort: request === parsed ? own.sort : request.sort,
        query: enforceSearch(context, form, () => own).query,
      },
    ];
  });
  return { request, variants: forms };
}
