import type { RowCondition } from '../model/condition.ts';
import type { SearchCondition } from '../model/search-link.ts';
import type { SearchCriterion } from './search-criteria.ts';
import { invalidSearch, splitAlternatives } from './values/search-value.ts';

/** Maximum number of parameters in one search. A parameter that occurs twice counts twice. */
const MAX_PARAMETERS = 100;
/** Maximum number of values of one parameter, added up over all occurrences of the parameter in the search. */
const MAX_VALUES_PER_PARAMETER = 200;
/** Maximum number of values in one search, added up over all parameters. */
const MAX_VALUES = 500;
/**
 * Maximum size of a request body with search parameters, in bytes. Large enough for the maximum number of values, each
 * with its code system.
 */
export const MAX_SEARCH_BODY_BYTES = 65_536;

type LimitedParameter = readonly [name: string, value: string];

/**
 * Removes parameters that occur twice with the same value, and checks that the remaining parameters and values don't
 * exceed the limits. A repeated parameter means AND (FHIR R4 search §3.1.1.3), so a duplicate adds nothing. The limits
 * apply to every kind of parameter, because the database compares each value with each resource.
 * @throws Problem 400 if there are too many parameters or values
 */
export function limitParameters(pairs: readonly LimitedParameter[]): readonly LimitedParameter[] {
  const distinct = [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
  if (distinct.length > MAX_PARAMETERS)
    throw invalidSearch(`A request takes at most ${MAX_PARAMETERS} parameters. Split it into several searches.`);
  const counts = new Map<string, number>();
  let all = 0;
  for (const [name, value] of distinct) {
    const { length } = splitAlternatives(value);
    all += length;
    counts.set(name, (counts.get(name) ?? 0) + length);
  }
  if (Math.max(0, ...counts.values()) > MAX_VALUES_PER_PARAMETER)
    throw invalidSearch(
      `A request takes at most ${MAX_VALUES_PER_PARAMETER} values for one parameter. Split it into several searches.`,
    );
  if (all > MAX_VALUES)
    throw invalidSearch(
      `A request takes at most ${MAX_VALUES} values for all parameters together. Split it into several searches.`,
    );
  return distinct;
}

/**
 * Truncates a form (`a=1&b=2`) that has too many parameters, so that the rest isn't parsed. One parameter more than the
 * maximum remains, so that `limitParameters` still rejects the request.
 */
export function truncateForm(text: string): string {
  let end = -1;
  for (let count = 0; count <= MAX_PARAMETERS; count++) {
    end = text.indexOf('&', end + 1);
    if (end === -1) return text;
  }
  return text.slice(0, end);
}

/**
 * Maximum number of references that all chains and `_has` parameters of one search follow. Each reference is a subquery
 * for the database. No realistic search needs more.
 */
const MAX_LINKS = 10;
/**
 * Maximum number of values in one search that PostgreSQL can't look up in a database index, such as dates and
 * quantities. PostgreSQL compares each of these values with each resource. In contrast, one index lookup covers all
 * codes of a parameter.
 */
const MAX_COMPARISONS = 300;

/**
 * Rejects a search that would take PostgreSQL too long.
 * @throws Problem 400 if the search follows more than `MAX_LINKS` references, or compares more than `MAX_COMPARISONS`
 * values without a database index
 */
export function requireWithinLimits(criteria: readonly (SearchCriterion | SearchCondition)[]): void {
  if (sumBy(criteria, countLinks) > MAX_LINKS)
    throw invalidSearch(
      `A search can follow at most ${MAX_LINKS} links to other resources, in chains and _has. Name the target types, or split it into several searches.`,
    );
  if (sumBy(criteria, countComparisons) > MAX_COMPARISONS)
    throw invalidSearch(
      `A search can compare at most ${MAX_COMPARISONS} dates, texts and quantities. A composite value counts as five. Split it into several searches.`,
    );
}

const sumBy = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((sum, one) => sum + of(one), 0);

/**
 * Counts the references that a search condition follows, including those in nested conditions. A reference that can
 * point to several types counts once for each type.
 */
function countLinks(condition: SearchCriterion | SearchCondition): number {
  if (condition.kind === 'alternatives' || condition.kind === 'either')
    return sumBy<SearchCondition>(condition.of, countLinks);
  return condition.kind === 'link' || condition.kind === 'joined' ? 1 + sumBy(condition.conditions, countLinks) : 0;
}

function countComparisons(condition: SearchCriterion | SearchCondition): number {
  if (condition.kind === 'alternatives' || condition.kind === 'either')
    return sumBy<SearchCondition>(condition.of, countComparisons);
  if (condition.kind === 'link' || condition.kind === 'joined') return sumBy(condition.conditions, countComparisons);
  return condition.kind === 'patient' ? 0 : countConditionComparisons(condition);
}

/** Kinds of search conditions that no database index covers. PostgreSQL compares their values with each resource. */
const COMPARED_KINDS: ReadonlySet<RowCondition['kind']> = new Set(['quantity', 'date', 'updated', 'string']);

/**
 * Counts the values that PostgreSQL has to compare with each resource. A value of a composite parameter such as
 * `component-code-value-quantity` counts as five values, because PostgreSQL compares each of its components with each
 * repetition of the element.
 */
function countConditionComparisons(condition: RowCondition): number {
  if (condition.kind === 'not') return countConditionComparisons(condition.of);
  if (condition.kind === 'any' || condition.kind === 'all') return sumBy(condition.of, countConditionComparisons);
  if (condition.kind === 'group') return 5 * condition.values.length;
  return COMPARED_KINDS.has(condition.kind) && 'values' in condition ? condition.values.length : 0;
}
