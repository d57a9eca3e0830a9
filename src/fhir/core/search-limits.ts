import type { Condition } from './condition.ts';
import type { Criterion } from './criteria.ts';
import type { Asked } from './link.ts';
import { invalid } from './search-value.ts';

/** Each is a search of its own for the database: nobody who means it asks for more. */
const MOST_LINKS = 10;
/** Each is held against each row of a record by itself, where others are looked up all together. */
const MOST_TESTS = 300;

/** @throws Problem 400: more is asked than anybody means */
export function requireModest(criteria: readonly (Criterion | Asked)[]): void {
  if (sumOf(criteria, linksIn) > MOST_LINKS)
    throw invalid(
      `A search follows at most ${MOST_LINKS} links to other resources, in chains and _has. Name the types they lead to, or ask in several searches.`,
    );
  if (sumOf(criteria, testsIn) > MOST_TESTS)
    throw invalid('This search asks for too many quantities or composite values at once. Ask in several searches.');
}

const sumOf = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((sum, one) => sum + of(one), 0);

/** With those that are within others: where a reference may lead to many types, each is one. */
function linksIn(asked: Criterion | Asked): number {
  if (asked.kind === 'alternatives' || asked.kind === 'either') return sumOf<Asked>(asked.of, linksIn);
  return asked.kind === 'link' || asked.kind === 'joined' ? 1 + sumOf(asked.asked, linksIn) : 0;
}

function testsIn(asked: Criterion | Asked): number {
  if (asked.kind === 'alternatives' || asked.kind === 'either') return sumOf<Asked>(asked.of, testsIn);
  if (asked.kind === 'link' || asked.kind === 'joined') return sumOf(asked.asked, testsIn);
  return asked.kind === 'patient' ? 0 : testsOf(asked);
}

/** One of a group of elements looks at each of them and at its parts: that takes as long as five others. */
function testsOf(condition: Condition): number {
  if (condition.kind === 'not') return testsOf(condition.of);
  if (condition.kind === 'any' || condition.kind === 'all') return sumOf(condition.of, testsOf);
  if (condition.kind === 'group') return 5 * condition.values.length;
  return condition.kind === 'quantity' ? condition.values.length : 0;
}
