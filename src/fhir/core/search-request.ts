import { Problem } from '../../kernel/index.ts';
import type { Condition, ReferenceValue, Sort } from './condition.ts';
import { type Criterion, readCriterion, readPatients, type SearchContext } from './criteria.ts';
import { badCursor, type Cursor, decodeCursor } from './cursor.ts';
import { splitName, tableName } from './parameter-name.ts';
import { invalid } from './search-value.ts';

/** Name and value as they stand in the URL, unescaped, in their order. */
export type Pair = readonly [name: string, value: string];

/** A search as it was understood. */
export interface SearchRequest {
  readonly conditions: readonly Condition[];
  /** Whom `patient` and its like name: one of each list. */
  readonly patients: readonly (readonly ReferenceValue[])[];
  readonly sort: Sort;
  /** How many matches a page has; 0: only how many there are. */
  readonly count: number;
  readonly cursor: Cursor | undefined;
  readonly provenance: boolean;
  /** What was taken into account, for the links. */
  readonly understood: readonly Pair[];
  /** Their names, for the trail. */
  readonly names: readonly string[];
}

const DEFAULT_COUNT = 50;
const MAX_COUNT = 1000;
/** `_maxresults` is NextGen's name for `_count`. */
const COUNTS = ['_count', '_maxresults'];
/** Whose record: these name it on every type. */
const COMPARTMENT = ['patient', 'subject'];
/** `category=` asks for nothing. */
const EMPTY = /^,*$/;
/** How the answer is written, not what is in it: read elsewhere, no part of the links. */
const FORMATS = ['_format', '_pretty'];

/**
 * Reads the parameters of a search. Unknown ones are left out of account, and so of the links; a client that sends
 * `Prefer: handling=strict` gets an error instead. FHIR R4 search §3.1.1.2
 */
export function readSearch(pairs: readonly Pair[], context: SearchContext, strict: boolean): SearchRequest {
  const given = pairs.filter(([, value]) => !EMPTY.test(value));
  const criteria: Criterion[] = [];
  const understood: Pair[] = [];
  const results: Result = {};
  for (const [name, value] of given) {
    const criterion = criterionOf(name, value, context, strict);
    if (criterion !== undefined) criteria.push(criterion);
    if (criterion !== undefined || readResult(name, value, context, results)) understood.push([name, value]);
    else if (strict && !FORMATS.includes(name)) throw unknown(name, value, context);
  }
  const { sort = { key: { kind: 'main' }, descending: true }, cursor } = results;
  if (cursor !== undefined && cursor.sort !== sortName(sort)) throw badCursor();
  return {
    conditions: criteria.filter((one) => one.kind !== 'patient'),
    patients: criteria.flatMap((one) => (one.kind === 'patient' ? [one.patients] : [])),
    sort,
    count: results.count ?? DEFAULT_COUNT,
    cursor,
    provenance: results.provenance ?? false,
    understood,
    names: namesOf(understood, context),
  };
}

function namesOf(understood: readonly Pair[], context: SearchContext): readonly string[] {
  return [...new Set(understood.map(([name]) => tableName(name, context)).filter((name) => name !== undefined))];
}

export function sortName({ key, descending }: Sort): string {
  return `${descending ? '-' : ''}${key.kind === 'date' ? key.index : key.kind}`;
}

function criterionOf(name: string, value: string, context: SearchContext, strict: boolean): Criterion | undefined {
  const { plain, modifier } = splitName(name);
  const found = readCriterion(plain, modifier, value, context);
  if (found !== undefined) return found;
  const [first = ''] = plain.split('.', 1);
  if (first !== plain && context.served.parameters.some((parameter) => parameter.name === first)) {
    throw invalid(`This server does not support chained parameters such as ${plain}.`);
  }
  // Whoever names another patient is told so on every type, also on those that have no such parameter.
  return COMPARTMENT.includes(plain) && !strict ? readPatients(plain, modifier, value, context) : undefined;
}

type Result = { -readonly [Key in 'sort' | 'count' | 'cursor' | 'provenance']?: SearchRequest[Key] };

/** Reads a parameter about the result into `results`; false when it is none or asks for what this server does not do. */
function readResult(name: string, value: string, context: SearchContext, results: Result): boolean {
  if (COUNTS.includes(name)) {
    results.count ??= readCount(name, value);
    return true;
  }
  if (name === '_cursor') {
    results.cursor = decodeCursor(value);
    return true;
  }
  if (name === '_revinclude' && value === 'Provenance:target' && context.served.provenance) {
    results.provenance = true;
    return true;
  }
  const sort = readSort(name, value, context);
  if (sort === undefined) return false;
  results.sort ??= sort;
  return true;
}

function readCount(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw invalid(`The parameter ${name} expects a whole number such as 50.`);
  return Math.min(Number(value), MAX_COUNT);
}

/** `_sort=-date`, and DSTU2's way to say so, `_sort:desc=date`. Of several keys the first counts. */
function readSort(name: string, value: string, context: SearchContext): Sort | undefined {
  if (name !== '_sort' && name !== '_sort:asc' && name !== '_sort:desc') return undefined;
  const [first = ''] = value.split(',', 1);
  const minus = first.startsWith('-');
  const key = minus ? first.slice(1) : first;
  const descending = minus || name === '_sort:desc';
  if (key === '_lastUpdated') return { key: { kind: 'updated' }, descending };
  if (key === 'date') return { key: { kind: 'main' }, descending };
  const parameter = context.served.parameters.find((one) => one.kind === 'date' && one.name === key);
  return parameter?.kind === 'date' ? { key: { kind: 'date', index: parameter.index }, descending } : undefined;
}

function unknown(name: string, value: string, { served }: SearchContext): Problem {
  const known = ['_id', '_lastUpdated', ...served.parameters.map((parameter) => parameter.name)].join(', ');
  const what = name.startsWith('_') ? `${name}=${value.slice(0, 80)}` : name;
  return new Problem('parameter-unknown', {
    status: 400,
    message: `This server does not support ${what} on ${served.name}. It offers ${known}; _count, _maxresults, _sort${served.provenance ? ', _revinclude=Provenance:target' : ''}. Without "Prefer: handling=strict" it would be ignored.`,
  });
}
