import { authorize, requireAccess } from '../../access/index.ts';
import { type EnforcedQuery, enforceExport } from '../authorization/enforce.ts';
import { type EnforcementContext, scopeTypeNames } from '../authorization/enforcement-context.ts';
import type { RowCondition } from '../model/condition.ts';
import type { ServedType } from '../model/fhir-version.ts';
import type { SearchCondition } from '../model/search-link.ts';
import { type QueryParameter, readSearch } from '../search/search-request.ts';
import { invalidSearch } from '../search/values/search-value.ts';
import type { ExportRequest } from './export-request.ts';

/**
 * Builds the queries of an export, each over one or more resource types. The grant limits the queries, so an export
 * contains exactly the resources that searches with the same token would find. If the request names a type that the
 * token doesn't allow, the request is rejected. If the request names no types, the export leaves out the types that the
 * token doesn't allow.
 * @throws Problem 403 if a requested type isn't allowed, 400 if a search in `_typeFilter` isn't valid
 */
export function planExport(context: EnforcementContext, request: ExportRequest): readonly EnforcedQuery[] {
  const wanted = requestedTypes(context, request).map((served) => ({
    served,
    conditions: typeConditions(context, served, request),
  }));
  return enforceExport(context, wanted, request.patients);
}

/** Returns the names of the exported resource types: the requested ones, or all that the token allows. */
export const getExportTypes = (context: EnforcementContext, request: ExportRequest): readonly string[] =>
  requestedTypes(context, request).map(({ name }) => name);

function requestedTypes({ grant, version }: EnforcementContext, { types }: ExportRequest): readonly ServedType[] {
  if (types === undefined) {
    const allowed = version.types.filter((served) => authorize(grant, 's', scopeTypeNames(served)).length > 0);
    if (allowed.length === 0) requireAccess(grant, 's', ['Patient']);
    return allowed;
  }
  const named = version.types.filter(({ name }) => types.includes(name));
  for (const served of named) requireAccess(grant, 's', scopeTypeNames(served));
  return named;
}

/**
 * Matches parameters that only sort, page, extend or format the results of a search. A search in `_typeFilter` can't
 * contain them, because an export contains everything found.
 */
const RESULT_PARAMETERS =
  /^(_(count|maxresults|sort|include|revinclude|total|summary|elements|cursor|format|pretty)\b|page$)/;

/**
 * Combines the searches of `_typeFilter` for one resource type. A resource is exported if at least one of them finds
 * it.
 */
function typeConditions(
  context: EnforcementContext,
  served: ServedType,
  { filters }: ExportRequest,
): readonly SearchCondition[] {
  const searches = filters
    .filter(({ type }) => type === served.name)
    .map(({ query }) => readFilter(context, served, [...new URLSearchParams(query)]));
  const [first = [], ...others] = searches;
  if (others.length === 0 || searches.some((conditions) => conditions.length === 0))
    return others.length === 0 ? first : [];
  const plain = searches.map((conditions) => conditions.filter(isCondition));
  if (plain.some((conditions, at) => conditions.length < (searches[at]?.length ?? 0))) {
    throw invalidSearch(
      `If _typeFilter has several searches of ${served.name}, none can use a chain or _has. Export them in separate requests.`,
    );
  }
  return [{ kind: 'any', of: plain.map((conditions) => ({ kind: 'all', of: conditions })) }];
}

const isCondition = (one: SearchCondition): one is RowCondition =>
  one.kind !== 'link' && one.kind !== 'joined' && one.kind !== 'alternatives' && one.kind !== 'either';

function readFilter(
  context: EnforcementContext,
  served: ServedType,
  pairs: readonly QueryParameter[],
): readonly SearchCondition[] {
  if (pairs.some(([name]) => RESULT_PARAMETERS.test(name)))
    throw invalidSearch('A search in _typeFilter can’t use result parameters such as _count, _sort or _include.');
  const { conditions, patients } = readSearch(pairs, { ...context, served }, true);
  if (patients.length > 0)
    throw invalidSearch('Select patients with the patient parameter of the export, not in _typeFilter.');
  return conditions;
}
