import {
  distinct,
  inSyntax,
  MOST_GRANTED,
  parametersOf,
  printParameters,
  type ResourceScope,
  type Scope,
} from '../../access/index.ts';
import type { ServedTypes } from '../ports.ts';
import { CATEGORIES, categoryKey, categoryKeys, categoryOf } from './categories.ts';

/** What was denied, one set for all: `Immunization`, `Condition:health-concern`. */
type Denied = ReadonlySet<string>;

/**
 * The scopes without what the person denied. Whole types leave, a wildcard becomes the list of what is left, and of a
 * type with denied categories only the others are named, because a scope can't name an exception. Then all is said in v2.
 * What staff and backend apps may see is no patient's to deny: `user/` and `system/` stay. Asked at every use of a token.
 */
export function withoutDenied(
  scopes: readonly Scope[],
  denied: readonly string[],
  types: ServedTypes,
): readonly Scope[] {
  if (denied.length === 0) return scopes;
  const all = withWholeTypes(new Set(denied));
  let byCategory = false;
  const left = scopes.flatMap((scope): readonly Scope[] => {
    if (scope.kind === 'named' || scope.context !== 'patient') return [scope];
    return listed(scope, all, types).flatMap((each) => {
      const type = types.aliases[each.type] ?? each.type;
      if (all.has(type)) return [];
      if (!categoryKeys(type).some((key) => all.has(key))) return [each];
      byCategory = true;
      return withoutCategories(each, type, all);
    });
  });
  const said = byCategory ? left.map((scope) => inSyntax(scope, 'v2')) : left;
  return said.length > MOST_GRANTED ? bounded(said) : said;
}

/** No app that means well comes here. To leave out more than was denied is safe. */
const bounded = (scopes: readonly Scope[]): readonly Scope[] => distinct(scopes).slice(0, MOST_GRANTED);

/** A type all of whose categories are denied is denied: what has no category would be left otherwise. */
function withWholeTypes(denied: Denied): Denied {
  const whole = Object.keys(CATEGORIES).filter((type) => categoryKeys(type).every((key) => denied.has(key)));
  return whole.length === 0 ? denied : new Set([...denied, ...whole]);
}

/** A wildcard stays one as long as nothing that is served is denied. */
function listed(scope: ResourceScope, denied: Denied, types: ServedTypes): readonly ResourceScope[] {
  if (scope.type !== '*') return [scope];
  const touched = types.names.some((type) => denied.has(type) || categoryKeys(type).some((key) => denied.has(key)));
  if (!touched) return [scope];
  const having = types.names.filter((type) => scope.query === '' || types.enforces(type, scope.query));
  return having.map((type) => ({ ...scope, type }));
}

function withoutCategories(scope: ResourceScope, type: string, denied: Denied): readonly ResourceScope[] {
  const parameters = parametersOf(scope.query);
  if (!parameters.some(({ name }) => name === 'category')) return onePerCoding(scope, type, denied);
  const kept = parameters.map(({ name, values }) => ({
    name,
    values: name === 'category' ? values.filter((value) => isLeft(type, value, denied)) : values,
  }));
  if (kept.some(({ values }) => values.length === 0)) return [];
  const changed = kept.some(({ values }, i) => values.length !== parameters[i]?.values.length);
  return [changed ? { ...scope, query: printParameters(kept) } : scope];
}

/** Its other parameters stay. */
function onePerCoding(scope: ResourceScope, type: string, denied: Denied): readonly ResourceScope[] {
  const rest = scope.query === '' ? '' : `&${scope.query}`;
  return Object.entries(CATEGORIES[type] ?? {})
    .filter(([name]) => !denied.has(categoryKey(type, name)))
    .flatMap(([, { codings }]) => codings.map((coding) => ({ ...scope, query: `category=${coding}${rest}` })));
}

/** A value that names a whole system would bring the denied ones along. */
function isLeft(type: string, value: string, denied: Denied): boolean {
  const key = categoryOf(type, value);
  return key === undefined || (key !== 'several' && !denied.has(key));
}
