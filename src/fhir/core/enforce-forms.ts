import { type Grant, permit, requireApi, requirePermit } from '../../access/index.ts';
import type { Sort } from './condition.ts';
import { type EnforceContext, namesOf } from './context.ts';
import { badCursor } from './cursor.ts';
import { type EnforcedQuery, enforceSearch } from './enforce.ts';
import { formsOf } from './forms.ts';
import { isWide } from './parts.ts';
import { isSince, NEWEST_CHANGES, type SearchRequest, sortName } from './search-request.ts';
import type { ServedType } from './version.ts';

/** A search of one of the stored types that have a name. */
export interface FormQuery {
  readonly form: ServedType;
  readonly query: EnforcedQuery;
  /** In the order of the search, by the form's own index. */
  readonly sort: Sort;
}

/**
 * Whether a search is for what changed at practices since some time, in no order that it names: it comes in the order of
 * changes, which an index has, and the page is found without looking at all that match.
 */
function isPoll(grant: Grant, served: ServedType, { sorted, conditions, patients }: SearchRequest): boolean {
  if (sorted || served.home !== 'record' || patients.length > 0) return false;
  return conditions.some(isSince) && isWide(permit(grant, 's', namesOf(served)));
}

/**
 * A search of all stored types that a served one is made of. Each is searched under its own scopes; 403 where the grant has
 * none of them.
 * @param read of the type or of one of its forms, once the grant is known to allow searching something of it; undefined:
 * nothing of the form is asked for
 */
export function enforceForms(
  context: EnforceContext,
  served: ServedType,
  read: (form: ServedType) => SearchRequest | undefined,
): { readonly request: SearchRequest; readonly forms: readonly FormQuery[] } {
  const { grant, version } = context;
  requireApi(grant, version.api);
  const allowed = formsOf(served).filter((form) => permit(grant, 's', namesOf(form)).length > 0);
  if (allowed.length === 0) requirePermit(grant, 's', namesOf(served));
  // By the type's own tables, also where only another form of it is granted.
  const asked = read(served) as SearchRequest;
  const request = isPoll(grant, served, asked) ? { ...asked, sort: NEWEST_CHANGES } : asked;
  if (request.cursor !== undefined && request.cursor.sort !== sortName(request.sort)) throw badCursor();
  const forms = allowed.flatMap((form): readonly FormQuery[] => {
    const own = form === served ? request : read(form);
    if (own === undefined) return [];
    return [
      { form, sort: request === asked ? own.sort : request.sort, query: enforceSearch(context, form, () => own).query },
    ];
  });
  return { request, forms };
}
