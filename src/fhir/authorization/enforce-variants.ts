import { type AccessGrant, authorize, requireAccess, requireApiAdded } from '../../access/index.ts';
import type { SearchSort } from '../model/condition.ts';
import type { ServedType } from '../model/fhir-version.ts';
import { typeVariants } from '../model/type-variants.ts';
import { invalidCursor } from '../search/cursor.ts';
import { asksForChangesSince, NEWEST_CHANGES_FIRST, type SearchRequest, sortName } from '../search/search-request.ts';
import { coversPractices } from './access-filters.ts';
import { type EnforcedQuery, enforceSearch } from './enforce.ts';
import { type EnforcementContext, scopeTypeNames } from './enforcement-context.ts';

/** A search of one variant of a served type. */
export interface VariantQuery {
  readonly variant: ServedType;
  readonly query: EnforcedQuery;
  /** Order of the search, in terms of the variant's own index. */
  readonly sort: SearchSort;
}

/** A search request with a query for each variant that it asks for and the grant allows. */
export interface EnforcedVariants {
  readonly request: SearchRequest;
  readonly variants: readonly VariantQuery[];
}

/**
 * True if a search asks for changes at practices since some time and names no order. It is then sorted by the last change,
 * for which there is a database index, so that a page is found without reading all matches.
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
 * Authorizes a search of all variants of a served type, each under its own scopes.
 * @param read parses the request for the type or one of its variants; it is called only after the grant is known to allow
 * searching some variant, and returns undefined if the search asks for nothing of that variant
 * @throws Problem 403 if the grant allows no variant, 400 if the cursor belongs to another order
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
  // The type's own parameters apply, even if the grant allows only another variant.
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
