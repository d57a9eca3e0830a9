import type { Resource } from '../../../../src/fhir/index.ts';
import type { SeededRandom } from '../../../support/fuzzing/seeded-random.ts';
import { DEEP } from '../../../support/runs/slice.ts';
import { criterionOf, type SearchCriterion } from './criterion.ts';
import { CLINICAL, VALUE_SETS } from './known-codes.ts';
import type { ParameterLine } from './parameter-tables.ts';
import { QUESTIONS, type Question } from './questions.ts';
import { modifiersOf } from './rules.ts';

/** A resource, and the values that a search parameter covers in it. */
export interface Row {
  readonly resource: Resource;
  readonly nodes: readonly unknown[];
}

/** Criteria of one search. A resource must match all of them. */
export type Search = readonly SearchCriterion[];

export interface SearchContext {
  readonly random: SeededRandom;
  readonly base: string;
  readonly now: Date;
  /** Collects the parameters and modifiers for which the test data has values. */
  readonly answerable: Set<string>;
}

/** Returns a modifier for counting. All type names count as one modifier. */
const modifierKind = (modifier: string | undefined): string | undefined =>
  modifier !== undefined && /^[A-Z]/.test(modifier) ? '[type]' : modifier;

export const coverageKey = ({ type, name }: ParameterLine, modifier: string | undefined): string =>
  `${type} ${name}${modifier === undefined ? '' : `:${modifierKind(modifier)}`}`;

/** Maximum number of resources whose values are searched for. */
const MAX_ROWS = 30;
/**
 * Maximum number of further search values, beside the first one, which always has a match. Dates and quantities get
 * more, because comparing can go wrong in more ways.
 */
const MAX_PLAIN = DEEP ? 7 : 3;
const MAX_COMPARED = DEEP ? 24 : 10;
const COMPARED = ['date', 'quantity'];
const MAX_PER_MODIFIER = 1;

/** Makes searches: one for each value, some for alternative values, and some with two criteria. */
export function makeSearches(line: ParameterLine, rows: readonly Row[], about: SearchContext): readonly Search[] {
  const of = {
    name: line.name,
    kind: line.kind,
    known: { base: about.base, now: about.now, implied: line.implied },
  };
  const questions = makeQuestions(line, rows, about).map((one) => criterionOf(of, one));
  const [one, two, three] = sampleOf(
    questions.filter(({ modifier }) => modifier === undefined),
    3,
    about.random,
  );
  const both = one === undefined || two === undefined ? [] : [[combineValues(one, two)], [one, two]];
  const mixed = three === undefined || one === undefined || two === undefined ? [] : [[combineValues(one, two), three]];
  const [not, nor] = questions.filter(({ modifier }) => modifier === 'not');
  const neither = not === undefined || nor === undefined ? [] : [[combineValues(not, nor)]];
  return [...questions.map((each) => [each]), ...both, ...mixed, ...neither];
}

const combineValues = (one: SearchCriterion, other: SearchCriterion): SearchCriterion => ({
  ...one,
  values: [...one.values, ...other.values],
});

function makeQuestions(
  line: ParameterLine,
  rows: readonly Row[],
  { random, base, answerable }: SearchContext,
): readonly Question[] {
  const asking = { random, base, implied: line.implied };
  const having = rows.filter(({ nodes }) => nodes.length > 0);
  const found = sampleOf(having, MAX_ROWS, random).flatMap(
    ({ nodes }) => QUESTIONS[line.kind]?.(random.pick(nodes), asking) ?? [],
  );
  const offered = new Set([undefined, ...modifiersOf(line)]);
  const isOffered = ({ modifier }: Question) => offered.has(modifierKind(modifier));
  const byModifier = Object.values(
    Object.groupBy(found.filter(isOffered), ({ modifier }) => coverageKey(line, modifier)),
  );
  const cut = byModifier.flatMap(([first, ...others] = []) => {
    if (first === undefined) return [];
    answerable.add(coverageKey(line, first.modifier));
    return [first, ...sampleOf(others, first.modifier === undefined ? maxQuestions(line) : MAX_PER_MODIFIER, random)];
  });
  return [...cut, ...fixedQuestions(line)];
}

const maxQuestions = ({ kind }: ParameterLine): number => (COMPARED.includes(kind) ? MAX_COMPARED : MAX_PLAIN);

/** Search values for modifiers that are tried even if the test data has no value for them. */
const fixedQuestions = (line: ParameterLine): readonly Question[] =>
  modifiersOf(line).flatMap((one) => {
    const modifier = one === '[type]' ? 'Patient' : one;
    const values = FIXED_VALUES[one === 'missing' || line.kind !== 'uri' ? one : 'uri'] ?? ['nothing'];
    return values.map((value) => ({ modifier, value }));
  });

const FIXED_VALUES: Readonly<Record<string, readonly string[]>> = {
  missing: ['true', 'false'],
  in: Object.keys(VALUE_SETS),
  'not-in': Object.keys(VALUE_SETS),
  below: ['active', 'relapse'].map((code) => `${CLINICAL}|${code}`),
  above: ['inactive', 'resolved'].map((code) => `${CLINICAL}|${code}`),
  'of-type': ['urn:nothing|x|y'],
  uri: ['http://nothing.example/x'],
};

function sampleOf<T>(all: readonly T[], most: number, random: SeededRandom): readonly T[] {
  const left = [...all];
  return Array.from({ length: Math.min(most, all.length) }, () => left.splice(random.below(left.length), 1)[0] as T);
}
