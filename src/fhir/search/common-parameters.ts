import type { ServedType } from '../model/fhir-version.ts';

/** Search parameters of every type that the server reads from columns of the resource, not from the search index. */
export const COMMON_PARAMETERS = [
  { name: '_id', kind: 'token', documentation: 'Id of the resource.' },
  { name: '_lastUpdated', kind: 'date', documentation: 'Time of the last change on this server.' },
] as const;

export const DEFAULT_COUNT = 50;
export const MAX_COUNT = 1000;

/** Search parameters of every type whose values are in the search index. */
export const COMMON_INDEXED_PARAMETERS = [
  { name: '_tag', kind: 'token', documentation: 'A tag of the resource.' },
  { name: '_profile', kind: 'uri', documentation: 'A profile that the resource declares, as a canonical URL.' },
] as const;

/**
 * Search parameters that only types of patient records have. Directory types lack `_security`, because resources of a
 * directory have no security labels.
 */
export const RECORD_PARAMETERS = [
  { name: '_security', kind: 'token', documentation: 'A security label of the resource.' },
] as const;

export const commonParameters = ({
  compartment,
  commonParameters: shared,
}: Pick<ServedType, 'compartment' | 'commonParameters'>) => [
  ...COMMON_PARAMETERS,
  ...(shared ?? [...COMMON_INDEXED_PARAMETERS, ...(compartment === 'record' ? RECORD_PARAMETERS : [])]),
];

/** Search result parameters: page size, sort order, and content of the result. */
export const RESULT_PARAMETERS = [
  {
    name: '_count',
    kind: 'number',
    documentation: `Matches per page: ${DEFAULT_COUNT} by default, at most ${MAX_COUNT}. 0 returns the total only.`,
  },
  { name: '_maxresults', kind: 'number', documentation: 'Same as _count.' },
  {
    name: '_total',
    kind: 'token',
    documentation:
      'none leaves out the total, which is faster. accurate and estimate both return the exact total. Searches across practices leave it out by default, unless all matches fit on the page, and reject it if they would have to read more than 10000 resources.',
  },
  {
    name: '_summary',
    kind: 'token',
    documentation: 'true returns only summary elements. Also text, data, count or false.',
  },
  { name: '_elements', kind: 'string', documentation: 'Comma-separated elements to return.' },
  { name: 'page', kind: 'number', documentation: 'Page number, starting at 1.' },
  {
    name: '_sort',
    kind: 'string',
    documentation:
      'One of date (the main date of the type), _lastUpdated, _id, or a date parameter of the type. The prefix - means newest first. Default: -date. Searches across practices are in the order of patients, or -_lastUpdated with a lower bound on _lastUpdated. They sort by other keys only if they have to read at most 10000 resources.',
  },
] as const;

/**
 * Lists the values of `_sort` that a search for a type accepts. Each sort key is listed twice: with `-` for descending
 * order, and without it for ascending order.
 */
export function listSortKeys({
  parameters,
  variants = [],
}: Pick<ServedType, 'parameters' | 'variants'>): readonly string[] {
  const datesIn = (of: ServedType['parameters']) => of.filter(({ kind }) => kind === 'date').map(({ name }) => name);
  // Several R4 types can be served under one name, such as CarePlan and CareTeam as DSTU2 CarePlan. A search for that
  // name can be sorted only by dates that all of them have.
  const dates = datesIn(parameters).filter((name) => variants.every((form) => datesIn(form.parameters).includes(name)));
  return [...new Set(['date', '_lastUpdated', '_id', ...dates])].flatMap((key) => [`-${key}`, key]);
}
