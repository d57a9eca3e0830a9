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

/** `$everything` as it was understood. FHIR R4, OperationDefinition Patient-everything */
export interface EverythingAsked extends Everything {
  /** What changed since: of a directory too. */
  readonly changed: readonly Condition[];
  /** On a page; undefined: all in one. */
  readonly count: number | undefined;
  readonly cursor: Cursor | undefined;
  /** What was taken into account, for the links and, by their names, for the trail. */
  readonly understood: readonly Pair[];
}

const NAMES = ['start', 'end', '_since', '_type', '_count', '_cursor'];

/** The order of pages, as cursors name it; then comes the type that the page before ended in. */
export const EVERYTHING = 'everything ';

export function readEverything(
  pairs: readonly Pair[],
  { version: { types } }: Pick<EnforceContext, 'version'>,
  strict: boolean,
): EverythingAsked {
  const given = pairs.filter(([name, value]) => value !== '' && !FORMATS.includes(name));
  const [unknown] = given.filter(([name]) => !NAMES.includes(name));
  if (strict && unknown !== undefined) throw notOffered(unknown[0]);
  const understood = given.filter(([name]) => NAMES.includes(name));
  const valueIn = (name: string): string | undefined => understood.find((pair) => pair[0] === name)?.[1];
  const span: CareSpan = { start: readSpan('start', valueIn('start')), end: readSpan('end', valueIn('end')) };
  requireOrder(span);
  const since = readSpan('_since', valueIn('_since'));
  const changed: readonly Condition[] =
    since === undefined ? [] : [{ kind: 'updated', values: [{ ...since, prefix: 'ge' }] }];
  const named = understood.filter(([name]) => name === '_type').flatMap(([, value]) => alternatives(value));
  return {
    types: named.length === 0 ? types : [...new Set(named.map((name) => requireKnown(name.trim(), types)))],
    conditionsOf: ({ stored }) => [...changed, ...withinCare(stored, span)],
    changed,
    count: readCount(valueIn('_count')),
    cursor: readCursor(valueIn('_cursor')),
    understood,
  };
}

/** The names alone: what comes before a value in FHIR's searches is not written here. */
function readSpan(name: string, text: string | undefined): Span | undefined {
  if (text === undefined) return undefined;
  // A plus sign that was not escaped in the address arrives as a space.
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

/** Left out of account it would be as if all had been asked for. */
function requireKnown(name: string, types: readonly ServedType[]): ServedType {
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
