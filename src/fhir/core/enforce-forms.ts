import { type Grant, permit, requireApi, requirePermit } from '../../access/index.ts';
import type { Sort } from './condition.ts';
import { type EnforceContext, namesOf } from './context.ts';
import { badCursor } from './cursor.ts';
import { type EnforcedQuery, enforceSearch } from './enforce.ts';
import { formsOf } from './forms.ts';
import { isWide } from './parts.ts';
import { isSince, NEWEST_CHANGES, type SearchRequest, sortName } from './search-request.ts';
import type { ServedType } from './version.ts';

/** A search of one variant of a served type. */
export interface FormQuery {
  readonly form: ServedType;
  readonly query: EnforcedQuery;
  /** Order of the search, in terms of the variant's own index. */
  readonly sort: Sort;
}

/** A search request with a query for each variant that it asks for and the grant allows. */
export interface EnforcedForms {
  readonly request: SearchRequest;
  readonly forms: readonly FormQuery[];
}

/**
 * True if a search asks for changes at practices since some time and names no order. It is then sorted by the last change,
 * for which there is a database index, so that a page is found without reading all matches.
 */
function isPoll(grant: Grant, served: ServedType, { sorted, conditions, patients }: SearchRequest): boolean {
  if (sorted || served.home !== 'record' || patients.length > 0) return false;
  return conditions.some(isSince) && isWide(permit(grant, 's', namesOf(served)));
}

/**
 * Authorizes a search of all variants of a served type, each under its own scopes.
 * @param read parses the request for the type or one of its variants; it is called only after the grant is known to allow
 * searching some variant, and returns undefined if the search asks for nothing of that variant
 * @throws Problem 403 if the grant allows no variant, 400 if the cursor belongs to another order
 */
export function enforceForms(
  context: EnforceContext,
  served: ServedType,
  read: (form: ServedType) => SearchRequest | undefined,
): EnforcedForms {
  const { grant, version } = context;
  requireApi(grant, version.api);
  const allowed = formsOf(served).filter((form) => permit(grant, 's', namesOf(form)).length > 0);
  if (allowed.length === 0) requirePermit(grant, 's', namesOf(served));
  // The type's own parameters apply, even if the grant allows only another variant.
  const parsed = read(served) as SearchRequest;
  const request = isPoll(grant, served, parsed) ? { ...parsed, sort: NEWEST_CHANGES } : parsed;
  if (request.cursor !== undefined && request.cursor.sort !== sortName(request.sort)) throw badCursor();
  const forms = allowed.flatMap((form): readonly FormQuery[] => {
    const own = form === served ? request : read(form);
    if (own === undefined) return [];
    return [
      {
        form,
        sort: request === parsed ? own.sort : request.sort,
        query: enforceSearch(context, form, () => own).query,
      },
    ];
  });
  return { request, forms };
}
