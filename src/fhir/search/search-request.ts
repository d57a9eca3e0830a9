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

/** Name and value of a query parameter, percent-decoded. */
export type QueryParameter = readonly [name: string, value: string];

/** The parsed parameters of a search. */
export interface SearchRequest {
  readonly conditions: readonly SearchCondition[];
  /**
   * Patients that `patient` and its synonyms name, one list for each such parameter. The search covers only records
   * whose patient is in every list.
   */
  readonly patients: readonly (readonly ReferenceValue[])[];
  readonly sort: SearchSort;
  /** True if the client sent `_sort`. */
  readonly isSortRequested: boolean;
  /** Maximum number of matches per page. If it is 0, the response has only the total. */
  readonly count: number;
  readonly cursor: PageCursor | undefined;
  readonly includes: readonly SearchInclude[];
  /** Elements of each resource that the client requests. Undefined means complete resources. */
  readonly subset: ElementSubset | undefined;
  /**
   * Whether the client wants the total (`_total`, FHIR R4 search §3.1.1.5.2). Undefined if the client didn't send the
   * parameter.
   */
  readonly wantsTotal: boolean | undefined;
  /**
   * Number of matches before the page. Clients of the EHR vendor NextGen set it with the parameter `page`, which
   * requests a page by its number.
   */
  readonly offset: number;
  /** Parameters that the server understood and applied. The links of the Bundle contain them. */
  readonly appliedParameters: readonly QueryParameter[];
  /** Names of the applied parameters, in the form in which the audit log records them. */
  readonly auditNames: readonly string[];
}

/** Parameters for the page size. The EHR vendor NextGen calls `_count` `_maxresults`. */
const COUNT_PARAMETERS = ['_count', '_maxresults'];
/**
 * Supported values of `_total` (FHIR R4 search §3.1.1.5.2). For `estimate`, the response has the exact total, which
 * FHIR allows.
 */
const TOTAL_VALUES = ['accurate', 'estimate', 'none'];
/** Search parameters that name the patient. Every type accepts them. */
const PATIENT_PARAMETERS = ['patient', 'subject'];
/** Matches an empty parameter value, as in `category=`. Such a parameter is ignored. */
const EMPTY_VALUE = /^,*$/;
/**
 * Parameters for the format of the response. The search parser ignores them, and the links of the Bundle leave them
 * out.
 */
export const FORMAT_PARAMETERS: readonly string[] = ['_format', '_pretty'];

/**
 * Parses the parameters of a search. Parameters that the server doesn't know are ignored, and the links of the Bundle
 * leave them out (FHIR R4 search §3.1.1.2).
 * @param strict true rejects unknown parameters, for the request header `Prefer: handling=strict`
 * @throws Problem 400 if a value is invalid, or if strict mode finds an unknown parameter
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
  const { sort = NEWEST_MAIN_DATE_FIRST, cursor } = results;
  const isOfPractices =
    results.sort === undefined &&
    (cursor?.sort === sortName(BY_PATIENT) ||
      (criteria.some(asksForChangesSince) && cursor?.sort === sortName(NEWEST_CHANGES_FIRST)));
  if (cursor !== undefined && cursor.sort !== sortName(sort) && !isOfPractices) throw invalidCursor();
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

export const NEWEST_MAIN_DATE_FIRST = { key: { kind: 'main' }, descending: true } as const;
export const NEWEST_CHANGES_FIRST = { key: { kind: 'updated' }, descending: true } as const;
export const BY_PATIENT = { key: { kind: 'patient' }, descending: false } as const;

const PREFIXES_WITHOUT_LOWER_BOUND: readonly ComparisonPrefix[] = ['lt', 'le', 'eb', 'ne'];
/**
 * True for a condition on `_lastUpdated` if each of its values has a lower bound, as in `_lastUpdated=gt2026-01-01`.
 * Such a search finds only resources that changed after a given time.
 */
export const asksForChangesSince = (condition: SearchCriterion | SearchCondition): boolean =>
  condition.kind === 'updated' &&
  condition.values.every(({ prefix }) => !PREFIXES_WITHOUT_LOWER_BOUND.includes(prefix));

/** Maximum number of includes in one search. No type has more reference parameters. */
const MAX_INCLUDES = 100;

/**
 * Removes repeated includes.
 * @throws Problem 400 if there are too many
 */
function withoutDuplicates(includes: readonly SearchInclude[]): readonly SearchInclude[] {
  const keyOf = ({ direction, source, parameter, targets, iterate }: SearchInclude) =>
    [direction, source.name, source.stored, parameter.name, iterate, ...targets.map(({ name }) => name)].join(' ');
  const distinct = [...new Map(includes.map((one) => [keyOf(one), one])).values()];
  if (distinct.length > MAX_INCLUDES)
    throw invalidSearch(
      `A search can use at most ${MAX_INCLUDES} _include and _revinclude values. Split it into several searches.`,
    );
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
  // A patient's token must not search another patient. So `patient` is parsed for every type, even for types without
  // such a parameter.
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
 * Parses a search result parameter such as `_count` and stores it in `results`. Returns false if the parameter isn't a
 * result parameter, or if its value isn't supported.
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

/**
 * Returns the parameter value that a link of the Bundle shows: the value that was applied, such as a page size after it
 * was limited (FHIR R4 search §3.1.1.5).
 */
const appliedValue = (name: string, value: string, { count }: ResultOptions): string =>
  COUNT_PARAMETERS.includes(name) ? String(count) : value;

function readCount(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw invalidSearch(`The parameter ${name} expects a whole number such as 50.`);
  return Math.min(Number(value), MAX_COUNT);
}

/** Parses one sort key, as in `_sort=-date`, or `_sort:desc=date` in DSTU2. */
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

/**
 * Reduces several sort keys to the first one, because the server sorts by one key only. The links of the Bundle show
 * that key. With `Prefer: handling=strict`, several keys are an error.
 */
function withFirstSortKey([name, value]: QueryParameter, strict: boolean): QueryParameter {
  const [first = ''] = value.split(',', 1);
  return isSortParameter(name) && !strict ? [name, first] : [name, value];
}
