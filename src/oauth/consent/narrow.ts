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

/**
 * Keys of everything that was denied: types (`Immunization`), categories (`Condition:health-concern`) and
 * `offline_access`.
 */
type Denied = ReadonlySet<string>;

/**
 * Removes what the patient denied from a scope list. Denied types disappear, and a wildcard is replaced by a list of
 * the remaining types. For a type with denied categories, the allowed ones are listed, because a scope can't express an
 * exception; the whole list then uses v2 syntax. `user/` and `system/` scopes stay: what staff and backend apps may
 * read isn't decided by a patient. Runs at every use of a token.
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
  const result = byCategory ? left.map((scope) => inSyntax(scope, 'v2')) : left;
  return result.length > MOST_GRANTED ? bounded(result) : result;
}

/** Caps a list that only an abusive app could produce. Dropping more than was denied is safe. */
const bounded = (scopes: readonly Scope[]): readonly Scope[] => distinct(scopes).slice(0, MOST_GRANTED);

/**
 * Denies a type as a whole when all its categories are denied, since resources without a category would otherwise
 * remain.
 */
function withWholeTypes(denied: Denied): Denied {
  const whole = Object.keys(CATEGORIES).filter((type) => categoryKeys(type).every((key) => denied.has(key)));
  return whole.length === 0 ? denied : new Set([...denied, ...whole]);
}

/**
 * Denies categories that accompany a denied one and would reveal it. This also covers grants whose consent page had no
 * item for them.
 */
function withWhatGoesAlong(denied: Denied): Denied {
  const along = Object.entries(GOES_WITH).filter(([, kinds]) => kinds.some((kind) => denied.has(kind)));
  return along.length === 0 ? denied : new Set([...denied, ...along.map(([type]) => type)]);
}

/** Expands a wildcard to a list of types when a served type is denied at least in part. */
function listed(scope: ResourceScope, denied: Denied, types: ServedTypes): readonly ResourceScope[] {
  if (scope.type !== '*') return [scope];
  const isAffected = types.names.some((type) => denied.has(type) || categoryKeys(type).some((key) => denied.has(key)));
  if (!isAffected) return [scope];
  const matchingTypes = types.names.filter((type) => scope.query === '' || types.enforces(type, scope.query));
  return matchingTypes.map((type) => ({ ...scope, type }));
}

/**
 * Restricts a scope to the allowed categories of its type. Dropping the denied values is not enough, because a resource
 * may have several categories: the remaining query must name an allowed category. If the scope's own values don't (a
 * code without a consent item, another parameter), each allowed category is added to the query.
 */
function withoutCategories(scope: ResourceScope, type: string, denied: Denied): readonly ResourceScope[] {
  const parameters = parametersOf(scope.query).map((parameter) => withoutValues(parameter, type, denied));
  if (parameters.some(({ values }) => values.length === 0)) return [];
  const left = { ...scope, query: sameQuery(scope.query, parameters) };
  const at = parameters.findIndex(({ name }) => name === 'category');
  if (parameters.some((parameter) => isAllowed(parameter, type))) return [left];
  const requested = parameters[at];
  if (requested === undefined) return onePerCoding(left, type, denied);
  const [known, unknown] = [true, false].map((is) => requested.values.filter((value) => isKnown(type, value) === is));
  return [known ?? [], unknown ?? []].flatMap((values, index) => {
    if (values.length === 0) return [];
    const part = { ...scope, query: printParameters(parameters.with(at, { name: 'category', values })) };
    return index === 0 ? [part] : onePerCoding(part, type, denied);
  });
}

/**
 * Drops denied category values. A value that names only a system is dropped too, since it would include denied ones.
 */
function withoutValues({ name, values }: GranularParameter, type: string, denied: Denied): GranularParameter {
  if (name !== 'category') return { name, values };
  const isLeft = (key: ReturnType<typeof categoryOf>) => key === undefined || (key !== 'several' && !denied.has(key));
  return { name, values: values.filter((value) => isLeft(categoryOf(type, value))) };
}

/** Whether the parameter names only categories that have a consent item. */
const isAllowed = ({ name, values }: GranularParameter, type: string): boolean =>
  name === 'category' && values.every((value) => isKnown(type, value));

const isKnown = (type: string, value: string): boolean => categoryOf(type, value) !== undefined;

/** Keeps the original text if nothing was dropped. */
const sameQuery = (query: string, left: readonly GranularParameter[]): string =>
  parametersOf(query).every(({ values }, i) => values.length === left[i]?.values.length)
    ? query
    : printParameters(left);

/** Writes one scope for each coding of the allowed categories, keeping the other parameters. */
function onePerCoding(scope: ResourceScope, type: string, denied: Denied): readonly ResourceScope[] {
  const rest = scope.query === '' ? '' : `&${scope.query}`;
  return Object.entries(CATEGORIES[type] ?? {})
    .filter(([name]) => !denied.has(categoryKey(type, name)))
    .flatMap(([, { codings }]) => codings.map((coding) => ({ ...scope, query: `category=${coding}${rest}` })));
}
