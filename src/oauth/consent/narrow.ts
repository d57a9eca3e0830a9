import {
  distinct,
  type GranularParameter,
  inSyntax,
  MOST_GRANTED,
  parametersOf,
  printParameters,
  type ResourceScope,
  type Scope,
} from '../../access/index.ts';
import type { ServedTypes } from '../ports.ts';
import { CATEGORIES, categoryKey, categoryKeys, categoryOf, GOES_WITH } from './categories.ts';

/** What was denied, one set for all: `Immunization`, `Condition:health-concern`, `offline_access`. */
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
  const all = withWhatGoesAlong(withWholeTypes(new Set(denied)));
  let byCategory = false;
  const left = scopes.flatMap((scope): readonly Scope[] => {
    if (scope.kind === 'named') return all.has(scope.name) ? [] : [scope];
    if (scope.context !== 'patient') return [scope];
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

/** What tells of a kind that is denied is denied with it, whenever that was: a grant of before has no line about it. */
function withWhatGoesAlong(denied: Denied): Denied {
  const along = Object.entries(GOES_WITH).filter(([, kinds]) => kinds.some((kind) => denied.has(kind)));
  return along.length === 0 ? denied : new Set([...denied, ...along.map(([type]) => type)]);
}

/** A wildcard stays one as long as nothing that is served is denied. */
function listed(scope: ResourceScope, denied: Denied, types: ServedTypes): readonly ResourceScope[] {
  if (scope.type !== '*') return [scope];
  const touched = types.names.some((type) => denied.has(type) || categoryKeys(type).some((key) => denied.has(key)));
  if (!touched) return [scope];
  const having = types.names.filter((type) => scope.query === '' || types.enforces(type, scope.query));
  return having.map((type) => ({ ...scope, type }));
}

/**
 * An entry may be in several categories, so it is not enough to drop the values that were denied: what is left must be
 * about a category that is allowed. Where a scope's own values don't say so (a code that nobody was asked about, another
 * parameter) each allowed category is named beside them.
 */
function withoutCategories(scope: ResourceScope, type: string, denied: Denied): readonly ResourceScope[] {
  const parameters = parametersOf(scope.query).map((parameter) => withoutValues(parameter, type, denied));
  if (parameters.some(({ values }) => values.length === 0)) return [];
  const left = { ...scope, query: sameQuery(scope.query, parameters) };
  const at = parameters.findIndex(({ name }) => name === 'category');
  if (parameters.some((parameter) => isAllowed(parameter, type))) return [left];
  const asked = parameters[at];
  if (asked === undefined) return onePerCoding(left, type, denied);
  const [known, unknown] = [true, false].map((is) => asked.values.filter((value) => isKnown(type, value) === is));
  return [known ?? [], unknown ?? []].flatMap((values, index) => {
    if (values.length === 0) return [];
    const part = { ...scope, query: printParameters(parameters.with(at, { name: 'category', values })) };
    return index === 0 ? [part] : onePerCoding(part, type, denied);
  });
}

/** A value that names a whole system would bring the denied ones along. */
function withoutValues({ name, values }: GranularParameter, type: string, denied: Denied): GranularParameter {
  if (name !== 'category') return { name, values };
  const isLeft = (key: ReturnType<typeof categoryOf>) => key === undefined || (key !== 'several' && !denied.has(key));
  return { name, values: values.filter((value) => isLeft(categoryOf(type, value))) };
}

/** Of what is left, whether all of it is a category that has a line. */
const isAllowed = ({ name, values }: GranularParameter, type: string): boolean =>
  name === 'category' && values.every((value) => isKnown(type, value));

const isKnown = (type: string, value: string): boolean => categoryOf(type, value) !== undefined;

/** As it was written, where nothing was dropped. */
const sameQuery = (query: string, left: readonly GranularParameter[]): string =>
  parametersOf(query).every(({ values }, i) => values.length === left[i]?.values.length)
    ? query
    : printParameters(left);

/** Its other parameters stay. */
function onePerCoding(scope: ResourceScope, type: string, denied: Denied): readonly ResourceScope[] {
  const rest = scope.query === '' ? '' : `&${scope.query}`;
  return Object.entries(CATEGORIES[type] ?? {})
    .filter(([name]) => !denied.has(categoryKey(type, name)))
    .flatMap(([, { codings }]) => codings.map((coding) => ({ ...scope, query: `category=${coding}${rest}` })));
}
