import type { Condition } from './condition.ts';
import type { Criterion } from './criteria.ts';
import type { Asked } from './link.ts';
import { alternatives, invalid } from './search-value.ts';

/** Maximum parameters of one request, including repetitions. */
const MOST_PARAMETERS = 100;
/** Maximum values of one parameter, including its repetitions. */
const MOST_VALUES = 200;
/** Maximum values of all parameters of a request together. */
const MOST_VALUES_IN_ALL = 500;
/** Maximum bytes of a body with parameters. It has room for the maximum number of values with their systems. */
export const LONGEST_SEARCH = 65_536;

type Pair = readonly [name: string, value: string];

/**
 * Removes duplicate parameters and limits the rest. Repetitions mean AND (FHIR R4 search §3.1.1.3), so a duplicate adds
 * nothing. The limits apply to every kind of parameter, because the database compares each value with each row.
 * @throws Problem 400 if there are too many parameters or values
 */
export function modestPairs(pairs: readonly Pair[]): readonly Pair[] {
  const distinct = [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
  if (distinct.length > MOST_PARAMETERS)
    throw invalid(`A request takes at most ${MOST_PARAMETERS} parameters. Ask in several searches.`);
  const counts = new Map<string, number>();
  let all = 0;
  for (const [name, value] of distinct) {
    const { length } = alternatives(value);
    all += length;
    counts.set(name, (counts.get(name) ?? 0) + length);
  }
  if (Math.max(0, ...counts.values()) > MOST_VALUES)
    throw invalid(`A request takes at most ${MOST_VALUES} values for one parameter. Ask in several searches.`);
  if (all > MOST_VALUES_IN_ALL)
    throw invalid(
      `A request takes at most ${MOST_VALUES_IN_ALL} values for all of its parameters together. Ask in several searches.`,
    );
  return distinct;
}

/** Cuts a form off after one parameter more than the limit, so that the rest of an excessive form isn't parsed. */
export function startOfForm(text: string): string {
  let end = -1;
  for (let count = 0; count <= MOST_PARAMETERS; count++) {
    end = text.indexOf('&', end + 1);
    if (end === -1) return text;
  }
  return text.slice(0, end);
}

/** Maximum links of a search. Each one is a subquery for the database, and no realistic search needs more. */
const MOST_LINKS = 10;
/** Maximum values that no index covers. Each one is compared with each row, while other values share one lookup. */
const MOST_TESTS = 300;

/** Limits the cost of a search. @throws Problem 400 if it has too many links or too many values to compare */
export function requireModest(criteria: readonly (Criterion | Asked)[]): void {
  if (sumOf(criteria, linksIn) > MOST_LINKS)
    throw invalid(
      `A search follows at most ${MOST_LINKS} links to other resources, in chains and _has. Name the types they lead to, or ask in several searches.`,
    );
  if (sumOf(criteria, testsIn) > MOST_TESTS)
    throw invalid(
      `A search compares at most ${MOST_TESTS} dates, texts and quantities, a composite value counting as five. Ask in several searches.`,
    );
}

const sumOf = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((sum, one) => sum + of(one), 0);

/** Counts links, including nested ones. A reference that may lead to several types counts once for each. */
function linksIn(condition: Criterion | Asked): number {
  if (condition.kind === 'alternatives' || condition.kind === 'either') return sumOf<Asked>(condition.of, linksIn);
  return condition.kind === 'link' || condition.kind === 'joined' ? 1 + sumOf(condition.asked, linksIn) : 0;
}

function testsIn(condition: Criterion | Asked): number {
  if (condition.kind === 'alternatives' || condition.kind === 'either') return sumOf<Asked>(condition.of, testsIn);
  if (condition.kind === 'link' || condition.kind === 'joined') return sumOf(condition.asked, testsIn);
  return condition.kind === 'patient' ? 0 : testsOf(condition);
}

/** Kinds of conditions that no database index covers. */
const COMPARED: ReadonlySet<Condition['kind']> = new Set(['quantity', 'date', 'updated', 'string']);

/**
 * Counts comparisons. A group test looks at every repetition of an element and its parts, and costs as much as five.
 */
function testsOf(condition: Condition): number {
  if (condition.kind === 'not') return testsOf(condition.of);
  if (condition.kind === 'any' || condition.kind === 'all') return sumOf(condition.of, testsOf);
  if (condition.kind === 'group') return 5 * condition.values.length;
  return COMPARED.has(condition.kind) && 'values' in condition ? condition.values.length : 0;
}
