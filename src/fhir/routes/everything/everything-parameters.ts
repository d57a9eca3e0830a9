import { Problem } from '../../../kernel/index.ts';
import type { EverythingRequest } from '../../authorization/enforce.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import type { RowCondition } from '../../model/condition.ts';
import type { ServedType } from '../../model/fhir-version.ts';
import { parseDateRange, type TimeRange } from '../../model/time-range.ts';
import { findTypeByName } from '../../model/type-variants.ts';
import { type CarePeriod, careTimeConditions, requireOrderedPeriod } from '../../search/care-time.ts';
import { MAX_COUNT } from '../../search/common-parameters.ts';
import { decodeCursor, invalidCursor, type PageCursor } from '../../search/cursor.ts';
import { FORMAT_PARAMETERS, type QueryParameter } from '../../search/search-request.ts';
import { invalidSearch, splitAlternatives } from '../../search/values/search-value.ts';

/** The parsed parameters of `$everything` (FHIR R4, OperationDefinition Patient-everything). */
export interface EverythingParameters extends EverythingRequest {
  /** Search conditions from `_since`. They apply to directory resources too. */
  readonly sinceConditions: readonly RowCondition[];
  /** Maximum number of resources on a page. undefined returns everything at once. */
  readonly count: number | undefined;
  readonly cursor: PageCursor | undefined;
  /**
   * Parameters of the request that have an effect. The links of the Bundle repeat them, and the audit log lists their
   * names.
   */
  readonly understood: readonly QueryParameter[];
}

const NAMES = ['start', 'end', '_since', '_type', '_count', '_cursor'];

/**
 * Prefix of the sort order in a page cursor of `$everything`. After the prefix comes the resource type in which the
 * previous page ended.
 */
export const EVERYTHING_SORT_PREFIX = 'everything ';

/**
 * Parses the parameters of `$everything`.
 * @throws Problem 400 if a value is invalid or, with `Prefer: handling=strict`, if a parameter is unknown
 */
export function readEverythingParameters(
  pairs: readonly QueryParameter[],
  { version: { types } }: Pick<EnforcementContext, 'version'>,
  strict: boolean,
): EverythingParameters {
  const nonEmpty = pairs.filter(([name, value]) => value !== '' && !FORMAT_PARAMETERS.includes(name));
  const [unknown] = nonEmpty.filter(([name]) => !NAMES.includes(name));
  if (strict && unknown !== undefined) throw notOffered(unknown[0]);
  const understood = nonEmpty.filter(([name]) => NAMES.includes(name));
  const valueIn = (name: string): string | undefined => understood.find((pair) => pair[0] === name)?.[1];
  const span: CarePeriod = { start: readSpan('start', valueIn('start')), end: readSpan('end', valueIn('end')) };
  requireOrderedPeriod(span);
  const since = readSpan('_since', valueIn('_since'));
  const changed: readonly RowCondition[] =
    since === undefined ? [] : [{ kind: 'updated', values: [{ ...since, prefix: 'ge' }] }];
  const typeNames = understood.filter(([name]) => name === '_type').flatMap(([, value]) => splitAlternatives(value));
  return {
    types:
      typeNames.length === 0 ? types : [...new Set(typeNames.map((name) => requireServedType(name.trim(), types)))],
    conditionsFor: ({ stored }) => [...changed, ...careTimeConditions(stored, span)],
    sinceConditions: changed,
    count: readCount(valueIn('_count')),
    cursor: readCursor(valueIn('_cursor')),
    understood,
  };
}

/** Parses the value of `start`, `end` or `_since`. Prefixes such as `ge` are not allowed in these parameters. */
function readSpan(name: string, text: string | undefined): TimeRange | undefined {
  if (text === undefined) return undefined;
  // In a URL, an unescaped plus sign of a time zone arrives as a space, which is read as a plus sign.
  const span = parseDateRange(text.replace(' ', '+'));
  if (span !== undefined) return span;
  throw invalidSearch(
    `The parameter ${name} expects a date such as 2024, 2024-05, 2024-05-17 or 2024-05-17T09:30:00Z.`,
  );
}

function readCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw invalidSearch('The parameter _count expects a whole number such as 50.');
  return Math.min(Number(text), MAX_COUNT);
}

function readCursor(text: string | undefined): PageCursor | undefined {
  const cursor = text === undefined ? undefined : decodeCursor(text);
  if (cursor !== undefined && !cursor.sort.startsWith(EVERYTHING_SORT_PREFIX)) throw invalidCursor();
  return cursor;
}

/**
 * Finds the type that `_type` names. An unknown type is an error: if it were ignored, the response could contain all
 * types.
 */
function requireServedType(name: string, types: readonly ServedType[]): ServedType {
  const found = findTypeByName(types, name);
  if (found !== undefined) return found;
  throw invalidSearch(
    `The parameter _type names ${name.slice(0, 64)}, which this server does not support. /metadata lists the supported types.`,
  );
}

const notOffered = (name: string) =>
  new Problem('parameter-unknown', {
    status: 400,
    message: `This server does not support ${name.slice(0, 64)} on $everything. Supported: start, end, _since, _type and _count. Without "Prefer: handling=strict" it is ignored.`,
  });
