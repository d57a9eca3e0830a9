import type { Condition } from './condition.ts';
import type { Criterion } from './criteria.ts';
import type { Asked } from './link.ts';
import { alternatives, invalid } from './search-value.ts';

/** Parameters of one request, repeated ones included. */
const MOST_PARAMETERS = 100;
/** Alternatives of one parameter, with those of its repetitions. */
const MOST_VALUES = 200;
/** Values of all parameters of a request. */
const MOST_VALUES_IN_ALL = 500;
/** Bytes of parameters in a body: as many values as a request takes, each with its system. */
export const LONGEST_SEARCH = 65_536;

type Pair = readonly [name: string, value: string];

/**
 * The parameters of a request, each once: FHIR R4 search §3.1.1.3 has repetitions for `and`, so the same one twice asks for
 * nothing more. The database holds each value against each row, so every kind of parameter has these limits.
 * @throws Problem 400: there are too many parameters or values
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

/** The start of a form: enough of it to tell that it has too many parameters, so that the rest need not be read. */
export function startOfForm(text: string): string {
  let end = -1;
  for (let count = 0; count <= MOST_PARAMETERS; count++) {
    end = text.indexOf('&', end + 1);
    if (end === -1) return text;
  }
  return text.slice(0, end);
}

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
    throw invalid(
      `A search compares at most ${MOST_TESTS} dates, texts and quantities, a composite value counting as five. Ask in several searches.`,
    );
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

/** No index finds these. */
const COMPARED: ReadonlySet<Condition['kind']> = new Set(['quantity', 'date', 'updated', 'string']);

/** One of a group of elements looks at each of them and at its parts: that takes as long as five others. */
function testsOf(condition: Condition): number {
  if (condition.kind === 'not') return testsOf(condition.of);
  if (condition.kind === 'any' || condition.kind === 'all') return sumOf(condition.of, testsOf);
  if (condition.kind === 'group') return 5 * condition.values.length;
  return COMPARED.has(condition.kind) && 'values' in condition ? condition.values.length : 0;
}
