import { METRIC_ATOMS, PLAIN_ATOMS, PREFIXES, type UnitAtom } from './ucum-atoms.ts';

/** A part of a unit: an atomic unit with prefix and exponent, a number, a text in braces, or a term in parentheses. */
export type UnitPart =
  | { readonly kind: 'atom'; readonly prefix: string; readonly atom: UnitAtom; readonly exponent: string }
  | { readonly kind: 'power'; readonly exponent: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'annotation'; readonly text: string }
  | { readonly kind: 'term'; readonly operands: UnitTerm };

/** A unit as UCUM writes it: its parts from left to right, each with the operator before it. */
export type UnitTerm = readonly { readonly operator: '' | '.' | '/'; readonly part: UnitPart }[];

/** Maximum number of characters of a unit. */
const MAX_LENGTH = 60;

/**
 * Parses a UCUM code (https://ucum.org/ucum, case-sensitive). Returns undefined if the code isn't UCUM or has a unit
 * that `ucum-atoms.ts` doesn't list.
 */
export function parseUcum(code: string): UnitTerm | undefined {
  if (code.length > MAX_LENGTH) return undefined;
  const input = { code, at: 0 };
  const term = readTerm(input);
  return input.at === code.length ? term : undefined;
}

interface Input {
  readonly code: string;
  at: number;
}

function take(input: Input, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = input.at;
  const found = pattern.exec(input.code) ?? undefined;
  if (found !== undefined) input.at += found[0].length;
  return found;
}

const OPERATOR = /[./]/y;
const ANNOTATION = /\{([^{}]*)\}/y;
const POWER_OF_TEN = /10[*^]([+-]?\d+)?/y;
const NUMBER = /\d+/y;
const ATOM = /((?:[A-Za-z%'_]|\[[^\][]*\])+)([+-]?\d+)?/y;

function readTerm(input: Input): UnitTerm | undefined {
  const operands: UnitTerm[number][] = [];
  let operator: '' | '.' | '/' = '';
  // Only a division can stand at the beginning of a unit: "/min".
  if (input.code[input.at] === '/') {
    input.at += 1;
    operator = '/';
  }
  for (;;) {
    const part = readPart(input);
    if (part === undefined) return undefined;
    operands.push({ operator, part });
    const next = take(input, OPERATOR)?.[0];
    if (next === undefined) return operands;
    operator = next as '.' | '/';
  }
}

function readPart(input: Input): UnitPart | undefined {
  const part = readUnit(input);
  const annotation = take(input, ANNOTATION)?.[1];
  // An annotation never changes the meaning of the unit before it, as in mg/g{creat}.
  return part ?? (annotation === undefined ? undefined : { kind: 'annotation', text: annotation });
}

function readUnit(input: Input): UnitPart | undefined {
  if (input.code[input.at] === '(') return readGroup(input);
  const power = take(input, POWER_OF_TEN);
  if (power !== undefined) return { kind: 'power', exponent: power[1] ?? '' };
  const number = take(input, NUMBER);
  if (number !== undefined) return { kind: 'number', text: number[0] };
  const start = input.at;
  const [, symbol = '', exponent = ''] = take(input, ATOM) ?? [];
  const found = findAtom(symbol);
  if (found !== undefined) return { kind: 'atom', ...found, exponent };
  // An unknown unit must not disappear in front of an annotation.
  input.at = start;
  return undefined;
}

function readGroup(input: Input): UnitPart | undefined {
  const start = input.at;
  input.at += 1;
  const operands = readTerm(input);
  if (operands !== undefined && input.code[input.at] === ')') {
    input.at += 1;
    return { kind: 'term', operands };
  }
  input.at = start;
  return undefined;
}

function findAtom(symbol: string): { readonly prefix: string; readonly atom: UnitAtom } | undefined {
  const whole = PLAIN_ATOMS.get(symbol) ?? METRIC_ATOMS.get(symbol);
  if (whole !== undefined) return { prefix: '', atom: whole };
  for (const length of [2, 1]) {
    const prefix = symbol.slice(0, length);
    const atom = METRIC_ATOMS.get(symbol.slice(length));
    if (Object.hasOwn(PREFIXES, prefix) && atom !== undefined) return { prefix, atom };
  }
  return undefined;
}
