import { permit, requirePermit } from '../../access/index.ts';
import type { Condition } from '../core/condition.ts';
import { type EnforceContext, namesOf } from '../core/context.ts';
import { type EnforcedQuery, enforceExport } from '../core/enforce.ts';
import type { Asked } from '../core/link.ts';
import { type Pair, readSearch } from '../core/search-request.ts';
import { invalid } from '../core/search-value.ts';
import type { ServedType } from '../core/version.ts';
import type { ExportAsked } from './asked.ts';

/**
 * Builds the queries of an export, each over one or more types. They are enforced by the grant, so an export contains
 * exactly what searches with the same token would find. A requested type that isn't allowed is rejected; if no types
 * were requested, it is left out.
 * @throws Problem 403 if a requested type isn't allowed, 400 if a filter isn't valid
 */
export function planExport(context: EnforceContext, request: ExportAsked): readonly EnforcedQuery[] {
  const wanted = typesWanted(context, request).map((served) => ({
    served,
    conditions: filtersOf(context, served, request),
  }));
  return enforceExport(context, wanted, request.patients);
}

/** Returns the names of the exported types: the requested ones, or all that the token allows. */
export const typesOf = (context: EnforceContext, request: ExportAsked): readonly string[] =>
  typesWanted(context, request).map(({ name }) => name);

function typesWanted({ grant, version }: EnforceContext, { types }: ExportAsked): readonly ServedType[] {
  if (types === undefined) {
    const allowed = version.types.filter((served) => permit(grant, 's', namesOf(served)).length > 0);
    if (allowed.length === 0) requirePermit(grant, 's', ['Patient']);
    return allowed;
  }
  const named = version.types.filter(({ name }) => types.includes(name));
  for (const served of named) requirePermit(grant, 's', namesOf(served));
  return named;
}

/**
 * Search parameters that select or format results. They have no meaning in an export, which contains everything found.
 */
const OF_RESULTS = /^(_(count|maxresults|sort|include|revinclude|total|summary|elements|cursor|format|pretty)\b|page$)/;

/** A resource is exported if at least one of its type's searches finds it. */
function filtersOf(context: EnforceContext, served: ServedType, { filters }: ExportAsked): readonly Asked[] {
  const searches = filters
    .filter(({ type }) => type === served.name)
    .map(({ query }) => conditionsOf(context, served, [...new URLSearchParams(query)]));
  const [first = [], ...others] = searches;
  if (others.length === 0 || searches.some((conditions) => conditions.length === 0))
    return others.length === 0 ? first : [];
  const plain = searches.map((conditions) => conditions.filter(isCondition));
  if (plain.some((conditions, at) => conditions.length < (searches[at]?.length ?? 0))) {
    throw invalid(
      `Of several searches of ${served.name} in _typeFilter none can have a chain or _has. Export it with one search at a time.`,
    );
  }
  return [{ kind: 'any', of: plain.map((conditions) => ({ kind: 'all', of: conditions })) }];
}

const isCondition = (one: Asked): one is Condition =>
  one.kind !== 'link' && one.kind !== 'joined' && one.kind !== 'alternatives' && one.kind !== 'either';

function conditionsOf(context: EnforceContext, served: ServedType, pairs: readonly Pair[]): readonly Asked[] {
  if (pairs.some(([name]) => OF_RESULTS.test(name)))
    throw invalid('A search in _typeFilter says what is wanted, not how the answer looks: no _count, _sort, _include.');
  const { conditions, patients } = readSearch(pairs, { ...context, served }, true);
  if (patients.length > 0) throw invalid('Name patients by the parameter patient of the export, not in _typeFilter.');
  return conditions;
}
