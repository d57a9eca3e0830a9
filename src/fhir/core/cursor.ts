import { isUuid, Problem } from '../../kernel/index.ts';

/** Where a page begins, and what page 1 knew. It is no secret and no right: whoever alters it still sees only what their token is for. */
export interface Cursor {
  /** Name of the order it belongs to. */
  readonly sort: string;
  /** Sort value of the last row of the page before, as PostgreSQL prints an instant. */
  readonly position: string;
  /** Id of that row. */
  readonly id: string;
  /** undefined: it was not asked for. */
  readonly total: number | undefined;
  /** The latest change among the matches when page 1 was made. */
  readonly asOf: string;
  /** Of which search it is: see `searchDigest`. */
  readonly search: string;
  /** Where there are rows of several practices: they may have the same ids. */
  readonly practice?: number | undefined;
  /** Where there are rows of several stored types: they may have the same ids, too. */
  readonly part?: number | undefined;
}

const DIGEST = /^[\w-]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

export function encodeCursor({ sort, position, id, total, asOf, search, practice, part }: Cursor): string {
  const more = part !== undefined ? [practice ?? null, part] : practice !== undefined ? [practice] : [];
  const parts = [sort, position, id, total ?? null, asOf, search, ...more];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

export function decodeCursor(text: string): Cursor {
  const parts = partsOf(text);
  if (!Array.isArray(parts) || parts.length < 6 || parts.length > 8) throw badCursor();
  const [sort, position, id, total, asOf, search, practice, part] = parts as unknown[];
  if (typeof sort !== 'string' || typeof id !== 'string' || !isUuid(id)) throw badCursor();
  if (typeof search !== 'string' || !DIGEST.test(search)) throw badCursor();
  const cursor = {
    sort,
    position: instant(position),
    id,
    total: total === null ? undefined : count(total),
    asOf: instant(asOf),
    search,
  };
  if (parts.length === 6) return cursor;
  const beside = parts.length === 8 && practice === null ? {} : { practice: count(practice) };
  return parts.length === 7 ? { ...cursor, ...beside } : { ...cursor, ...beside, part: count(part) };
}

export const badCursor = (): Problem =>
  new Problem('search-invalid', {
    status: 400,
    message:
      'The parameter _cursor is not one this server gave out for this search. Follow the next link as it was given, or search again without _cursor.',
  });

function partsOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw badCursor();
  }
}

function count(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw badCursor();
  return Number(value);
}

/** PostgreSQL would refuse 30 February and the year 0000 with an error of its own; JavaScript knows a day for both. */
function instant(value: unknown): string {
  if (value === 'infinity' || value === '-infinity') return value;
  if (typeof value !== 'string' || !INSTANT.test(value) || value.startsWith('0000')) throw badCursor();
  const date = new Date(value.replace(' ', 'T').replace('+00', 'Z'));
  const same =
    !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19) === value.slice(0, 19).replace(' ', 'T');
  if (!same) throw badCursor();
  return value;
}
