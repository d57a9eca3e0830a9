import {
  type GranularParameter,
  MAX_GRANTED_SCOPES,
  parseGranularQuery,
  printGranularQuery,
  type ResourceScope,
  type Scope,
  toSyntax,
  uniqueScopes,
} from '../../access/index.ts';
import type { ServedTypes } from '../ports.ts';
import {
  ACCOMPANIED_CATEGORIES,
  categoryKey,
  categoryKeys,
  findCategoryKey,
  RESOURCE_CATEGORIES,
} from './resource-categories.ts';

/**
 * Keys of everything that a patient denied: types (`Immunization`), categories (`Condition:health-concern`) and
 * `offline_access`.
 */
type DeniedKeys = ReadonlySet<string>;

/**
 * Removes what the patient denied from a scope list. This function runs at every use of a token. Denied types
 * disappear, and a wildcard is replaced by a list of the remaining types. For a type with denied categories, the
 * allowed categories are listed, because a scope can't express an exception; the whole list then uses v2 syntax.
 * `user/` and `system/` scopes stay, because a patient doesn't decide what staff and backend apps may read.
 */
export function removeDeniedScopes(
  scopes: readonly Scope[],
  denied: readonly string[],
  types: ServedTypes,
): readonly Scope[] {
  if (denied.length === 0) return scopes;
  const all = addAccompanyingTypes(addWhollyDeniedTypes(new Set(denied)));
  let byCategory = false;
  const left = scopes.flatMap((scope): readonly Scope[] => {
    if (scope.kind === 'named') return all.has(scope.name) ? [] : [scope];
    if (scope.context !== 'patient') return [scope];
    return expandWildcard(scope, all, types).flatMap((each) => {
      const type = types.aliases[each.type] ?? each.type;
      if (all.has(type)) return [];
      if (!categoryKeys(type).some((key) => all.has(key))) return [each];
      byCategory = true;
      return restrictToAllowedCategories(each, type, all);
    });
  });
  const result = byCategory ? left.map((scope) => toSyntax(scope, 'v2')) : left;
  return result.length > MAX_GRANTED_SCOPES ? limitScopes(result) : result;
}

/**
 * Shortens a list of scopes that is too long. Only an abusive app can cause such a list. The app loses the scopes at
 * the end of the list, which is safe because it then gets less access than the patient allowed.
 */
const limitScopes = (scopes: readonly Scope[]): readonly Scope[] => uniqueScopes(scopes).slice(0, MAX_GRANTED_SCOPES);

/**
 * Adds to the denied keys each type whose categories are all denied. Resources without a category would otherwise
 * remain visible.
 */
function addWhollyDeniedTypes(denied: DeniedKeys): DeniedKeys {
  const whole = Object.keys(RESOURCE_CATEGORIES).filter((type) => categoryKeys(type).every((key) => denied.has(key)));
  return whole.length === 0 ? denied : new Set([...denied, ...whole]);
}

/**
 * Adds to the denied keys the types that only accompany a denied type and would reveal it. For example, Medication
 * accompanies MedicationRequest. This also covers grants whose consent page had no item for the accompanying type.
 */
function addAccompanyingTypes(denied: DeniedKeys): DeniedKeys {
  const along = Object.entries(ACCOMPANIED_CATEGORIES).filter(([, kinds]) => kinds.some((kind) => denied.has(kind)));
  return along.length === 0 ? denied : new Set([...denied, ...along.map(([type]) => type)]);
}

/** Replaces a wildcard with a list of types if at least a part of a served type is denied. */
function expandWildcard(scope: ResourceScope, denied: DeniedKeys, types: ServedTypes): readonly ResourceScope[] {
  if (scope.type !== '*') return [scope];
  const isAffected = types.names.some((type) => denied.has(type) || categoryKeys(type).some((key) => denied.has(key)));
  if (!isAffected) return [scope];
  const matchingTypes = types.names.filter((type) => scope.query === '' || types.enforces(type, scope.query));
  return matchingTypes.map((type) => ({ ...scope, type }));
}

/**
 * Restricts a scope to the allowed categories of its type. Dropping the denied values isn't enough: a query without a
 * `category` that has a consent item, such as `?code=…`, also finds resources of denied categories. Such a scope is
 * replaced by one scope for each code of an allowed category.
 */
function restrictToAllowedCategories(scope: ResourceScope, type: string, denied: DeniedKeys): readonly ResourceScope[] {
  const parameters = parseGranularQuery(scope.query).map((parameter) => removeDeniedValues(parameter, type, denied));
  if (parameters.some(({ values }) => values.length === 0)) return [];
  const left = { ...scope, query: printUnlessUnchanged(scope.query, parameters) };
  const at = parameters.findIndex(({ name }) => name === 'category');
  if (parameters.some((parameter) => hasOnlyKnownCategories(parameter, type))) return [left];
  const requested = parameters[at];
  if (requested === undefined) return expandCodings(left, type, denied);
  const [known, unknown] = [true, false].map((is) =>
    requested.values.filter((value) => isKnownCategory(type, value) === is),
  );
  return [known ?? [], unknown ?? []].flatMap((values, index) => {
    if (values.length === 0) return [];
    const part = { ...scope, query: printGranularQuery(parameters.with(at, { name: 'category', values })) };
    return index === 0 ? [part] : expandCodings(part, type, denied);
  });
}

/**
 * Drops denied values of the parameter `category`. A value that names only a code system is dropped too, since it would
 * include denied categories.
 */
function removeDeniedValues({ name, values }: GranularParameter, type: string, denied: DeniedKeys): GranularParameter {
  if (name !== 'category') return { name, values };
  const isLeft = (key: ReturnType<typeof findCategoryKey>) =>
    key === undefined || (key !== 'several' && !denied.has(key));
  return { name, values: values.filter((value) => isLeft(findCategoryKey(type, value))) };
}

/** Whether the parameter names only categories that have a consent item. */
const hasOnlyKnownCategories = ({ name, values }: GranularParameter, type: string): boolean =>
  name === 'category' && values.every((value) => isKnownCategory(type, value));

const isKnownCategory = (type: string, value: string): boolean => findCategoryKey(type, value) !== undefined;

/** Prints the query of a scope after denied values were removed. Returns the original text if no value was removed. */
const printUnlessUnchanged = (query: string, left: readonly GranularParameter[]): string =>
  parseGranularQuery(query).every(({ values }, i) => values.length === left[i]?.values.length)
    ? query
    : printGranularQuery(left);

/**
 * Returns a copy of the scope for each code of an allowed category. Each copy is limited to that code, in addition to
 * the other parameters of the scope.
 */
function expandCodings(scope: ResourceScope, type: string, denied: DeniedKeys): readonly ResourceScope[] {
  const rest = scope.query === '' ? '' : `&${scope.query}`;
  return Object.entries(RESOURCE_CATEGORIES[type] ?? {})
    .filter(([name]) => !denied.has(categoryKey(type, name)))
    .flatMap(([, { codings }]) => codings.map((coding) => ({ ...scope, query: `category=${coding}${rest}` })));
}
