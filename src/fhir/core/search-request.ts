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

/** Name and value of a query parameter, percent-decoded. Lists of them keep the order of the URL. */
export type Pair = readonly [name: string, value: string];

/** A parsed search. */
export interface SearchRequest {
  readonly conditions: readonly Asked[];
  /** Patients that `patient` and its synonyms name. The record must belong to one of each list. */
  readonly patients: readonly (readonly ReferenceValue[])[];
  readonly sort: Sort;
  /** True if the client requested the sort order. */
  readonly sorted: boolean;
  /** Matches per page. 0 returns only the total. */
  readonly count: number;
  readonly cursor: Cursor | undefined;
  readonly includes: readonly Include[];
  /** Elements to return of each resource. Undefined means all. */
  readonly subset: Subset | undefined;
  /** Whether to return the total. Undefined if the client didn't say. FHIR R4 search §3.1.1.5.2, `_total` */
  readonly counted: boolean | undefined;
  /** Matches to skip, for clients that request pages by number with NextGen's `page`. */
  readonly offset: number;
  /** Parameters that were applied. The links of the Bundle repeat them. */
  readonly understood: readonly Pair[];
  /** Names of these parameters for the audit log. */
  readonly names: readonly string[];
}

/** `_maxresults` is NextGen's name for `_count`. */
const COUNTS = ['_count', '_maxresults'];
/** FHIR R4 search §3.1.1.5.2. An estimate may be exact. */
const TOTALS = ['accurate', 'estimate', 'none'];
/** Parameters that name the patient on every type. */
const COMPARTMENT = ['patient', 'subject'];
/** A parameter without a value, such as `category=`, is ignored. */
const EMPTY = /^,*$/;
/** Parameters for the format of the response, not its content. They are read elsewhere and left out of the links. */
export const FORMATS: readonly string[] = ['_format', '_pretty'];

/**
 * Reads the parameters of a search. Unknown parameters are ignored and left out of the links. FHIR R4 search §3.1.1.2
 * @param strict rejects unknown parameters, for `Prefer: handling=strict`
 * @throws Problem 400 if a value is invalid, or a parameter is unknown in strict mode
 */
export function readSearch(pairs: readonly Pair[], context: SearchContext, strict: boolean): SearchRequest {
  const withValue = pairs.filter(([, value]) => !EMPTY.test(value));
  const criteria: (Criterion | Asked)[] = [];
  const includes: Include[] = [];
  const understood: Pair[] = [];
  const results: Result = {};
  for (const pair of withValue) {
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
  const belongsToPoll =
    results.sort === undefined && criteria.some(isSince) && cursor?.sort === sortName(NEWEST_CHANGES);
  if (cursor !== undefined && cursor.sort !== sortName(sort) && !belongsToPoll) throw badCursor();
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
/**
 * True for a condition on the last change if each of its values has a lower bound: it asks for changes since some time.
 */
export const isSince = (condition: Criterion | Asked): boolean =>
  condition.kind === 'updated' && condition.values.every(({ prefix }) => !OPEN.includes(prefix));

/** Limit of includes. No type has as many reference parameters. */
const MOST_INCLUDES = 100;

/** Removes includes that were requested more than once. @throws Problem 400 if there are too many */
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
  // A search that names another patient is rejected on every type, even if the type has no such parameter.
  return COMPARTMENT.includes(plain) && !strict ? readPatients(plain, modifier, value, context) : undefined;
}

type Result = { -readonly [Key in 'sort' | 'count' | 'cursor' | 'counted' | 'subset']?: SearchRequest[Key] } & {
  page?: number;
};

/**
 * Reads a result parameter such as `_count` into `results`. Returns false if it is unknown or its value unsupported.
 */
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

/** FHIR R4 search §3.1.1.5: links show the values that were applied, such as the page size after its limit. */
const usedOf = (name: string, value: string, { count }: Result): string =>
  COUNTS.includes(name) ? String(count) : value;

function readCount(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw invalid(`The parameter ${name} expects a whole number such as 50.`);
  return Math.min(Number(value), MAX_COUNT);
}

/** Reads one sort key, as `_sort=-date` or in the DSTU2 form `_sort:desc=date`. */
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

/** Sorting uses one key. Unless handling is strict, the first of several is used, and the links show it. */
function counted([name, value]: Pair, strict: boolean): Pair {
  const [first = ''] = value.split(',', 1);
  return isSort(name) && !strict ? [name, first] : [name, value];
}
