import type { Resource } from '../../../src/fhir/index.ts';
import type { Dice } from '../../support/hostile/dice.ts';
import { type Asked, withQuestion } from './asked.ts';
import { CLINICAL, SETS } from './known-codes.ts';
import { QUESTIONS, type Question } from './questions.ts';
import { modifiersOf } from './rules.ts';
import type { Line } from './tables.ts';

/** A resource, and the nodes that a parameter covers in it. */
export interface Row {
  readonly resource: Resource;
  readonly nodes: readonly unknown[];
}

/** The criteria of one search. All must be true. */
export type Search = readonly Asked[];

export interface About {
  readonly random: Dice;
  readonly base: string;
  readonly now: Date;
  /** Collects the parameters and modifiers for which the data has values. */
  readonly answerable: Set<string>;
}

/** All types as modifiers count as one. */
const kindOf = (modifier: string | undefined): string | undefined =>
  modifier !== undefined && /^[A-Z]/.test(modifier) ? '[type]' : modifier;

export const keyOf = ({ type, name }: Line, modifier: string | undefined): string =>
  `${type} ${name}${modifier === undefined ? '' : `:${kindOf(modifier)}`}`;

/** The limit of resources whose values are searched for. */
const MOST_ROWS = 30;
/**
 * The limits beyond the first question, which always has a match. Compared values get more, because comparisons can
 * fail in more ways.
 */
const MOST_PLAIN = 7;
const MOST_COMPARED = 24;
const COMPARED = ['date', 'quantity'];
const MOST_OF_A_MODIFIER = 1;

/** Each question by itself, then some as alternatives and some combined. */
export function searchesOf(line: Line, rows: readonly Row[], about: About): readonly Search[] {
  const of = {
    name: line.name,
    kind: line.kind,
    known: { base: about.base, now: about.now, implied: line.implied },
  };
  const questions = questionsOf(line, rows, about).map((one) => withQuestion(of, one));
  const [one, two, three] = someOf(
    questions.filter(({ modifier }) => modifier === undefined),
    3,
    about.random,
  );
  const both = one === undefined || two === undefined ? [] : [[eitherOf(one, two)], [one, two]];
  const mixed = three === undefined || one === undefined || two === undefined ? [] : [[eitherOf(one, two), three]];
  const [not, nor] = questions.filter(({ modifier }) => modifier === 'not');
  const neither = not === undefined || nor === undefined ? [] : [[eitherOf(not, nor)]];
  return [...questions.map((each) => [each]), ...both, ...mixed, ...neither];
}

const eitherOf = (one: Asked, other: Asked): Asked => ({ ...one, values: [...one.values, ...other.values] });

function questionsOf(line: Line, rows: readonly Row[], { random, base, answerable }: About): readonly Question[] {
  const asking = { random, base, implied: line.implied };
  const having = rows.filter(({ nodes }) => nodes.length > 0);
  const found = someOf(having, MOST_ROWS, random).flatMap(
    ({ nodes }) => QUESTIONS[line.kind]?.(random.pick(nodes), asking) ?? [],
  );
  const offered = new Set([undefined, ...modifiersOf(line)]);
  const isOffered = ({ modifier }: Question) => offered.has(kindOf(modifier));
  const byModifier = Object.values(Object.groupBy(found.filter(isOffered), ({ modifier }) => keyOf(line, modifier)));
  const cut = byModifier.flatMap(([first, ...others] = []) => {
    if (first === undefined) return [];
    answerable.add(keyOf(line, first.modifier));
    return [first, ...someOf(others, first.modifier === undefined ? mostOf(line) : MOST_OF_A_MODIFIER, random)];
  });
  return [...cut, ...inAnyCase(line)];
}

const mostOf = ({ kind }: Line): number => (COMPARED.includes(kind) ? MOST_COMPARED : MOST_PLAIN);

/** Questions for modifiers even if the data has no value for them. */
const inAnyCase = (line: Line): readonly Question[] =>
  modifiersOf(line).flatMap((one) => {
    const modifier = one === '[type]' ? 'Patient' : one;
    const values = FIXED_VALUES[one === 'missing' || line.kind !== 'uri' ? one : 'uri'] ?? ['nothing'];
    return values.map((value) => ({ modifier, value }));
  });

const FIXED_VALUES: Readonly<Record<string, readonly string[]>> = {
  missing: ['true', 'false'],
  in: Object.keys(SETS),
  'not-in': Object.keys(SETS),
  below: ['active', 'relapse'].map((code) => `${CLINICAL}|${code}`),
  above: ['inactive', 'resolved'].map((code) => `${CLINICAL}|${code}`),
  'of-type': ['urn:nothing|x|y'],
  uri: ['http://nothing.example/x'],
};

/** A random selection. */
function someOf<T>(all: readonly T[], most: number, random: Dice): readonly T[] {
  const left = [...all];
  return Array.from({ length: Math.min(most, all.length) }, () => left.splice(random.below(left.length), 1)[0] as T);
}
