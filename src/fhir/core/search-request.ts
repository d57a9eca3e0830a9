import { DEFAULT_COUNT, MAX_COUNT } from './common-parameters.ts';
import type { Prefix, ReferenceValue, Sort } from './condition.ts';
import { type Criterion, lastChange, readCriterion, readPatients } from './criteria.ts';
import { badCursor, type Cursor, decodeCursor } from './cursor.ts';
import { type Include, readInclude } from './include.ts';
import { readJoined } from './joined.ts';
import type { Asked } from './link.ts';
import { splitName, tableName } from './parameter-name.ts';
import { readLink } from './read-link.ts';
import type { SearchContext } from './search-context.ts';
import { requireModest } from './search-limits.ts';
import { invalid } from './search-value.ts';
import { readSubset, type Subset } from './subset.ts';
import { unknownParameter } from './unknown-parameter.ts';

/** Name and value as they stand in the URL, unescaped, in their order. */
export type Pair = readonly [name: string, value: string];

/** A search as it was understood. */
export interface SearchRequest {
  readonly conditions: readonly Asked[];
  /** Whom `patient` and its like name: one of each list. */
  readonly patients: readonly (readonly ReferenceValue[])[];
  readonly sort: Sort;
  /** Whether it was asked for. */
  readonly sorted: boolean;
  /** How many matches a page has; 0: only how many there are. */
  readonly count: number;
  readonly cursor: Cursor | undefined;
  readonly includes: readonly Include[];
  /** Of each resource; undefined: all. */
  readonly subset: Subset | undefined;
  /** Whether it is said how many match; undefined: it was not asked. FHIR R4 search §3.1.1.5.2, `_total` */
  readonly counted: boolean | undefined;
  /** Matches before the page, where it is asked for by its number: NextGen's `page`. */
  readonly offset: number;
  /** What was taken into account, for the links. */
  readonly understood: readonly Pair[];
  /** Their names, for the trail. */
  readonly names: readonly string[];
}

/** `_maxresults` is NextGen's name for `_count`. */
const COUNTS = ['_count', '_maxresults'];
/** FHIR R4 search §3.1.1.5.2: what is estimated may be exact. */
const TOTALS = ['accurate', 'estimate', 'none'];
/** Whose record: these name it on every type. */
const COMPARTMENT = ['patient', 'subject'];
/** `category=` asks for nothing. */
const EMPTY = /^,*$/;
/** How the answer is written, not what is in it: read elsewhere, no part of the links. */
export const FORMATS: readonly string[] = ['_format', '_pretty'];

/**
 * Reads the parameters of a search. Unknown ones are left out of account, and so of the links; a client that sends
 * `Prefer: handling=strict` gets an error instead. FHIR R4 search §3.1.1.2
 */
export function readSearch(pairs: readonly Pair[], context: SearchContext, strict: boolean): SearchRequest {
  const given = pairs.filter(([, value]) => !EMPTY.test(value));
  const criteria: (Criterion | Asked)[] = [];
  const includes: Include[] = [];
  const understood: Pair[] = [];
  const results: Result = {};
  for (const pair of given) {
    const [name, value] = counted(pair, strict);
    const criterion = criterionOf(name, value, context, strict);
    if (criterion !== undefined) criteria.push(criterion);
    const include = criterion === undefined ? readInclude(name, value, context) : undefined;
    if (include !== undefined) includes.push(...include);
    const known = criterion !== undefined || include !== undefined;
    if (known || readResult(name, value, context, results)) understood.push([name, usedOf(name, value, results)]);
    else if (strict && !FORMATS.includes(name)) throw unknownParameter(name, value, context);
  }
  requireModest(criteria);
  const { sort = { key: { kind: 'main' }, descending: true }, cursor } = results;
  const ofPoll = results.sort === undefined && criteria.some(isSince) && cursor?.sort === sortName(NEWEST_CHANGES);
  if (cursor !== undefined && cursor.sort !== sortName(sort) && !ofPoll) throw badCursor();
  return {
    conditions: criteria.filter((one): one is Asked => one.kind !== 'patient'),
    patients: criteria.flatMap((one) => (one.kind === 'patient' ? [one.patients] : [])),
    sort,
    sorted: results.sort !== undefined,
    count: results.count ?? DEFAULT_COUNT,
    cursor,
    includes: eachOnce(includes),
    subset: results.subset,
    counted: results.counted,
    offset: ((results.page ?? 1) - 1) * (results.count ?? DEFAULT_COUNT),
    understood,
    names: namesOf(understood, context),
  };
}

export const NEWEST_CHANGES = { key: { kind: 'updated' }, descending: true } as const;

const OPEN: readonly Prefix[] = ['lt', 'le', 'eb', 'ne'];
/** Whether it asks for what changed since a time. */
export const isSince = (condition: Criterion | Asked): boolean =>
  condition.kind === 'updated' && condition.values.every(({ prefix }) => !OPEN.includes(prefix));

/** More than any type has parameters that refer to something. */
const MOST_INCLUDES = 100;

/** The same, asked for again, adds nothing. */
function eachOnce(includes: readonly Include[]): readonly Include[] {
  const keyOf = ({ direction, source, parameter, targets, iterate }: Include) =>
    [direction, source.name, source.stored, parameter.name, iterate, ...targets.map(({ name }) => name)].join(' ');
  const distinct = [...new Map(includes.map((one) => [keyOf(one), one])).values()];
  if (distinct.length > MOST_INCLUDES)
    throw invalid(`A search takes at most ${MOST_INCLUDES} kinds of resources along. Ask in several searches.`);
  return distinct;
}

function namesOf(understood: readonly Pair[], context: SearchContext): readonly string[] {
  return [...new Set(understood.map(([name]) => tableName(name, context)).filter((name) => name !== undefined))];
}

export function sortName({ key, descending }: Sort): string {
  return `${descending ? '-' : ''}${key.kind === 'date' ? key.index : key.kind}`;
}

function criterionOf(
  name: string,
  value: string,
  context: SearchContext,
  strict: boolean,
): Criterion | Asked | undefined {
  const link = readLink(name, value, context);
  if (link !== undefined) return link;
  const { plain, modifier } = splitName(name);
  const found = readJoined(plain, modifier, value, context) ?? readCriterion(plain, modifier, value, context);
  if (found !== undefined) return found;
  // Whoever names another patient is told so on every type, also on those that have no such parameter.
  return COMPARTMENT.includes(plain) && !strict ? readPatients(plain, modifier, value, context) : undefined;
}

type Result = { -readonly [Key in 'sort' | 'count' | 'cursor' | 'counted' | 'subset']?: SearchRequest[Key] } & {
  page?: number;
};

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
  const subset = readSubset(name, value);
  if (subset === 'count') results.count = 0;
  else if (subset !== undefined && subset !== 'whole') results.subset ??= subset;
  if (subset !== undefined) return true;
  if (name === '_total' && TOTALS.includes(value)) {
    results.counted ??= value !== 'none';
    return true;
  }
  if (name === 'page' && /^[1-9]\d{0,5}$/.test(value)) {
    results.page ??= Number(value);
    return true;
  }
  const sort = readSort(name, value, context);
  if (sort === undefined) return false;
  results.sort ??= sort;
  return true;
}

/** FHIR R4 search §3.1.1.5: the links say what was used, not what was asked for: a page has no more than it may have. */
const usedOf = (name: string, value: string, { count }: Result): string =>
  COUNTS.includes(name) ? String(count) : value;

function readCount(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw invalid(`The parameter ${name} expects a whole number such as 50.`);
  return Math.min(Number(value), MAX_COUNT);
}

/** `_sort=-date`, and DSTU2's way to say so, `_sort:desc=date`: one key. */
function readSort(name: string, value: string, context: SearchContext): Sort | undefined {
  if (!isSort(name)) return undefined;
  const minus = value.startsWith('-');
  const key = minus ? value.slice(1) : value;
  const descending = minus || name === '_sort:desc';
  if (key === '_lastUpdated') return { key: lastChange(context), descending };
  if (key === '_id') return { key: { kind: 'id' }, descending };
  if (key === 'date') return { key: { kind: 'main' }, descending };
  const parameter = context.served.parameters.find((one) => one.kind === 'date' && one.name === key);
  return parameter?.kind === 'date' ? { key: { kind: 'date', index: parameter.index }, descending } : undefined;
}

const isSort = (name: string): boolean => name === '_sort' || name === '_sort:asc' || name === '_sort:desc';

/** Of several keys the first counts, where what is not understood is left out: the links say so. */
function counted([name, value]: Pair, strict: boolean): Pair {
  const [first = ''] = value.split(',', 1);
  return isSort(name) && !strict ? [name, first] : [name, value];
}
