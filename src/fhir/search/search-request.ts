import type { ComparisonPrefix, ReferenceValue, SearchSort } from '../model/condition.ts';
import type { SearchCondition } from '../model/search-link.ts';
import { DEFAULT_COUNT, MAX_COUNT } from './common-parameters.ts';
import { decodeCursor, invalidCursor, type PageCursor } from './cursor.ts';
import { type ElementSubset, readSubset } from './element-subset.ts';
import { readEmbeddedCriterion } from './embedded-criteria.ts';
import { readInclude, type SearchInclude } from './include.ts';
import { readLink } from './linked-criteria.ts';
import { auditParameterName, splitName } from './parameter-name.ts';
import type { SearchContext } from './search-context.ts';
import { lastChangeKey, readPatientCriterion, readSearchCriterion, type SearchCriterion } from './search-criteria.ts';
import { requireWithinLimits } from './search-limits.ts';
import { unknownParameter } from './unknown-parameter.ts';
import { invalidSearch } from './values/search-value.ts';

/** Name and value of a query parameter, percent-decoded. Lists of them keep the order of the URL. */
export type QueryParameter = readonly [name: string, value: string];

/** A parsed search. */
export interface SearchRequest {
  readonly conditions: readonly SearchCondition[];
  /** Patients that `patient` and its synonyms name. The record must belong to one of each list. */
  readonly patients: readonly (readonly ReferenceValue[])[];
  readonly sort: SearchSort;
  /** True if the client requested the sort order. */
  readonly isSortRequested: boolean;
  /** Matches per page. 0 returns only the total. */
  readonly count: number;
  readonly cursor: PageCursor | undefined;
  readonly includes: readonly SearchInclude[];
  /** Elements to return of each resource. Undefined means all. */
  readonly subset: ElementSubset | undefined;
  /** Whether to return the total. Undefined if the client didn't say. FHIR R4 search §3.1.1.5.2, `_total` */
  readonly wantsTotal: boolean | undefined;
  /** Matches to skip, for clients that request pages by number with NextGen's `page`. */
  readonly offset: number;
  /** Parameters that were applied. The links of the Bundle repeat them. */
  readonly appliedParameters: readonly QueryParameter[];
  /** Names of these parameters for the audit log. */
  readonly auditNames: readonly string[];
}

/** `_maxresults` is NextGen's name for `_count`. */
const COUNT_PARAMETERS = ['_count', '_maxresults'];
/** FHIR R4 search §3.1.1.5.2. An estimate may be exact. */
const TOTAL_VALUES = ['accurate', 'estimate', 'none'];
/** Parameters that name the patient on every type. */
const PATIENT_PARAMETERS = ['patient', 'subject'];
/** A parameter without a value, such as `category=`, is ignored. */
const EMPTY_VALUE = /^,*$/;
/** Parameters for the format of the response, not its content. They are read elsewhere and left out of the links. */
export const FORMAT_PARAMETERS: readonly string[] = ['_format', '_pretty'];

/**
 * Reads the parameters of a search. Unknown parameters are ignored and left out of the links. FHIR R4 search §3.1.1.2
 * @param strict rejects unknown parameters, for `Prefer: handling=strict`
 * @throws Problem 400 if a value is invalid, or a parameter is unknown in strict mode
 */
export function readSearch(pairs: readonly QueryParameter[], context: SearchContext, strict: boolean): SearchRequest {
  const withValue = pairs.filter(([, value]) => !EMPTY_VALUE.test(value));
  const criteria: (SearchCriterion | SearchCondition)[] = [];
  const includes: SearchInclude[] = [];
  const understood: QueryParameter[] = [];
  const results: ResultOptions = {};
  for (const pair of withValue) {
    const [name, value] = withFirstSortKey(pair, strict);
    const criterion = readCondition(name, value, context, strict);
    if (criterion !== undefined) criteria.push(criterion);
    const include = criterion === undefined ? readInclude(name, value, context) : undefined;
    if (include !== undefined) includes.push(...include);
    const known = criterion !== undefined || include !== undefined;
    if (known || readResultParameter(name, value, context, results))
      understood.push([name, appliedValue(name, value, results)]);
    else if (strict && !FORMAT_PARAMETERS.includes(name)) throw unknownParameter(name, value, context);
  }
  requireWithinLimits(criteria);
  const { sort = { key: { kind: 'main' }, descending: true }, cursor } = results;
  const belongsToPoll =
    results.sort === undefined && criteria.some(asksForChangesSince) && cursor?.sort === sortName(NEWEST_CHANGES_FIRST);
  if (cursor !== undefined && cursor.sort !== sortName(sort) && !belongsToPoll) throw invalidCursor();
  return {
    conditions: criteria.filter((one): one is SearchCondition => one.kind !== 'patient'),
    patients: criteria.flatMap((one) => (one.kind === 'patient' ? [one.patients] : [])),
    sort,
    isSortRequested: results.sort !== undefined,
    count: results.count ?? DEFAULT_COUNT,
    cursor,
    includes: withoutDuplicates(includes),
    subset: results.subset,
    wantsTotal: results.wantsTotal,
    offset: ((results.page ?? 1) - 1) * (results.count ?? DEFAULT_COUNT),
    appliedParameters: understood,
    auditNames: toAuditNames(understood, context),
  };
}

export const NEWEST_CHANGES_FIRST = { key: { kind: 'updated' }, descending: true } as const;

const PREFIXES_WITHOUT_LOWER_BOUND: readonly ComparisonPrefix[] = ['lt', 'le', 'eb', 'ne'];
/**
 * True for a condition on the last change if each of its values has a lower bound: it asks for changes since some time.
 */
export const asksForChangesSince = (condition: SearchCriterion | SearchCondition): boolean =>
  condition.kind === 'updated' &&
  condition.values.every(({ prefix }) => !PREFIXES_WITHOUT_LOWER_BOUND.includes(prefix));

/** Limit of includes. No type has as many reference parameters. */
const MAX_INCLUDES = 100;

/** Removes includes that were requested more than once. @throws Problem 400 if there are too many */
function withoutDuplicates(includes: readonly SearchInclude[]): readonly SearchInclude[] {
  const keyOf = ({ direction, source, parameter, targets, iterate }: SearchInclude) =>
    [direction, source.name, source.stored, parameter.name, iterate, ...targets.map(({ name }) => name)].join(' ');
  const distinct = [...new Map(includes.map((one) => [keyOf(one), one])).values()];
  if (distinct.length > MAX_INCLUDES)
    throw invalidSearch(`A search takes at most ${MAX_INCLUDES} kinds of resources along. Ask in several searches.`);
  return distinct;
}

function toAuditNames(understood: readonly QueryParameter[], context: SearchContext): readonly string[] {
  return [
    ...new Set(understood.map(([name]) => auditParameterName(name, context)).filter((name) => name !== undefined)),
  ];
}

export function sortName({ key, descending }: SearchSort): string {
  return `${descending ? '-' : ''}${key.kind === 'date' ? key.index : key.kind}`;
}

function readCondition(
  name: string,
  value: string,
  context: SearchContext,
  strict: boolean,
): SearchCriterion | SearchCondition | undefined {
  const link = readLink(name, value, context);
  if (link !== undefined) return link;
  const { plain, modifier } = splitName(name);
  const found =
    readEmbeddedCriterion(plain, modifier, value, context) ?? readSearchCriterion(plain, modifier, value, context);
  if (found !== undefined) return found;
  // A search that names another patient is rejected on every type, even if the type has no such parameter.
  return PATIENT_PARAMETERS.includes(plain) && !strict
    ? readPatientCriterion(plain, modifier, value, context)
    : undefined;
}

type ResultOptions = {
  -readonly [Key in 'sort' | 'count' | 'cursor' | 'wantsTotal' | 'subset']?: SearchRequest[Key];
} & {
  page?: number;
};

/**
 * Reads a result parameter such as `_count` into `results`. Returns false if it is unknown or its value unsupported.
 */
function readResultParameter(name: string, value: string, context: SearchContext, results: ResultOptions): boolean {
  if (COUNT_PARAMETERS.includes(name)) {
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
  if (name === '_total' && TOTAL_VALUES.includes(value)) {
    results.wantsTotal ??= value !== 'none';
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
const appliedValue = (name: string, value: string, { count }: ResultOptions): string =>
  COUNT_PARAMETERS.includes(name) ? String(count) : value;

function readCount(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw invalidSearch(`The parameter ${name} expects a whole number such as 50.`);
  return Math.min(Number(value), MAX_COUNT);
}

/** Reads one sort key, as `_sort=-date` or in the DSTU2 form `_sort:desc=date`. */
function readSort(name: string, value: string, context: SearchContext): SearchSort | undefined {
  if (!isSortParameter(name)) return undefined;
  const minus = value.startsWith('-');
  const key = minus ? value.slice(1) : value;
  const descending = minus || name === '_sort:desc';
  if (key === '_lastUpdated') return { key: lastChangeKey(context), descending };
  if (key === '_id') return { key: { kind: 'id' }, descending };
  if (key === 'date') return { key: { kind: 'main' }, descending };
  const parameter = context.served.parameters.find((one) => one.kind === 'date' && one.name === key);
  return parameter?.kind === 'date' ? { key: { kind: 'date', index: parameter.index }, descending } : undefined;
}

const isSortParameter = (name: string): boolean => name === '_sort' || name === '_sort:asc' || name === '_sort:desc';

/** Sorting uses one key. Unless handling is strict, the first of several is used, and the links show it. */
function withFirstSortKey([name, value]: QueryParameter, strict: boolean): QueryParameter {
  const [first = ''] = value.split(',', 1);
  return isSortParameter(name) && !strict ? [name, first] : [name, value];
}
