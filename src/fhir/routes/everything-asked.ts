import { Problem } from '../../kernel/index.ts';
import { type CareSpan, requireOrder, withinCare } from '../core/care-time.ts';
import { MAX_COUNT } from '../core/common-parameters.ts';
import type { Condition } from '../core/condition.ts';
import type { EnforceContext } from '../core/context.ts';
import { badCursor, type Cursor, decodeCursor } from '../core/cursor.ts';
import type { Everything } from '../core/enforce.ts';
import { typeNamed } from '../core/forms.ts';
import { FORMATS, type Pair } from '../core/search-request.ts';
import { alternatives, invalid } from '../core/search-value.ts';
import { type Span, spanOfDate } from '../core/span.ts';
import type { ServedType } from '../core/version.ts';

/** The parsed parameters of `$everything` (FHIR R4, OperationDefinition Patient-everything). */
export interface EverythingAsked extends Everything {
  /** The `_since` condition, which also applies to the directory. */
  readonly changed: readonly Condition[];
  /** Maximum number of resources on a page; undefined returns everything at once. */
  readonly count: number | undefined;
  readonly cursor: Cursor | undefined;
  /** The parameters that have an effect. Links repeat them, and the audit log has their names. */
  readonly understood: readonly Pair[];
}

const NAMES = ['start', 'end', '_since', '_type', '_count', '_cursor'];

/** Prefix of the sort order in cursors. It is followed by the type in which the previous page ended. */
export const EVERYTHING = 'everything ';

/**
 * Parses the parameters of `$everything`.
 * @throws Problem 400 if a value is invalid or, with strict handling, if a parameter is unknown
 */
export function readEverything(
  pairs: readonly Pair[],
  { version: { types } }: Pick<EnforceContext, 'version'>,
  strict: boolean,
): EverythingAsked {
  const nonEmpty = pairs.filter(([name, value]) => value !== '' && !FORMATS.includes(name));
  const [unknown] = nonEmpty.filter(([name]) => !NAMES.includes(name));
  if (strict && unknown !== undefined) throw notOffered(unknown[0]);
  const understood = nonEmpty.filter(([name]) => NAMES.includes(name));
  const valueIn = (name: string): string | undefined => understood.find((pair) => pair[0] === name)?.[1];
  const span: CareSpan = { start: readSpan('start', valueIn('start')), end: readSpan('end', valueIn('end')) };
  requireOrder(span);
  const since = readSpan('_since', valueIn('_since'));
  const changed: readonly Condition[] =
    since === undefined ? [] : [{ kind: 'updated', values: [{ ...since, prefix: 'ge' }] }];
  const typeNames = understood.filter(([name]) => name === '_type').flatMap(([, value]) => alternatives(value));
  return {
    types:
      typeNames.length === 0 ? types : [...new Set(typeNames.map((name) => requireServedType(name.trim(), types)))],
    conditionsOf: ({ stored }) => [...changed, ...withinCare(stored, span)],
    changed,
    count: readCount(valueIn('_count')),
    cursor: readCursor(valueIn('_cursor')),
    understood,
  };
}

/** Accepts dates only. Prefixes such as `ge` are not allowed here. */
function readSpan(name: string, text: string | undefined): Span | undefined {
  if (text === undefined) return undefined;
  // An unescaped plus sign in the URL arrives as a space.
  const span = spanOfDate(text.replace(' ', '+'));
  if (span !== undefined) return span;
  throw invalid(`The parameter ${name} expects a date such as 2024, 2024-05, 2024-05-17 or 2024-05-17T09:30:00Z.`);
}

function readCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw invalid('The parameter _count expects a whole number such as 50.');
  return Math.min(Number(text), MAX_COUNT);
}

function readCursor(text: string | undefined): Cursor | undefined {
  const cursor = text === undefined ? undefined : decodeCursor(text);
  if (cursor !== undefined && !cursor.sort.startsWith(EVERYTHING)) throw badCursor();
  return cursor;
}

/** An unknown type must not be ignored, because that would return all types. */
function requireServedType(name: string, types: readonly ServedType[]): ServedType {
  const found = typeNamed(types, name);
  if (found !== undefined) return found;
  throw invalid(
    `The parameter _type names ${name.slice(0, 64)}, which this server does not have. /metadata lists the types that it has.`,
  );
}

const notOffered = (name: string) =>
  new Problem('parameter-unknown', {
    status: 400,
    message: `This server does not support ${name.slice(0, 64)} on $everything. It offers start, end, _since, _type and _count. Without "Prefer: handling=strict" it would be ignored.`,
  });
