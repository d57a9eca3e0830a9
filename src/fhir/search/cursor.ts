import { isUuid, Problem } from '../../kernel/index.ts';

/**
 * Start of a page, with the total of page 1. It is neither secret nor signed: a client that alters it still sees only what
 * its token allows.
 */
export interface PageCursor {
  /** Name of the sort order that the position refers to. */
  readonly sort: string;
  /** Sort value of the last row of the previous page, as PostgreSQL prints an instant. */
  readonly position: string;
  /** Id of the last row of the previous page. */
  readonly id: string;
  /** Undefined if the total wasn't requested. */
  readonly total: number | undefined;
  /** Time of the latest change among the matches when page 1 was read, as PostgreSQL prints it. */
  readonly asOf: string;
  /** Digest of the search, see `searchDigest`. */
  readonly search: string;
  /** Set if rows of several practices match, because these may have the same ids. */
  readonly practice?: number | undefined;
  /** Set if rows of several stored types match, because these may have the same ids as well. */
  readonly part?: number | undefined;
}

const DIGEST_PATTERN = /^[\w-]{12}$/;
const INSTANT_PATTERN = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

export function encodeCursor({ sort, position, id, total, asOf, search, practice, part }: PageCursor): string {
  const more = part !== undefined ? [practice ?? null, part] : practice !== undefined ? [practice] : [];
  const parts = [sort, position, id, total ?? null, asOf, search, ...more];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws Problem 400 if the text isn't a cursor of this server */
export function decodeCursor(text: string): PageCursor {
  const parts = decodeParts(text);
  if (!Array.isArray(parts) || parts.length < 6 || parts.length > 8) throw invalidCursor();
  const [sort, position, id, total, asOf, search, practice, part] = parts as unknown[];
  if (typeof sort !== 'string' || typeof id !== 'string' || !isUuid(id)) throw invalidCursor();
  if (typeof search !== 'string' || !DIGEST_PATTERN.test(search)) throw invalidCursor();
  const cursor = {
    sort,
    position: requireInstant(position),
    id,
    total: total === null ? undefined : requireCount(total),
    asOf: requireInstant(asOf),
    search,
  };
  if (parts.length === 6) return cursor;
  const optional = parts.length === 8 && practice === null ? {} : { practice: requireCount(practice) };
  return parts.length === 7 ? { ...cursor, ...optional } : { ...cursor, ...optional, part: requireCount(part) };
}

export const invalidCursor = (): Problem =>
  new Problem('search-invalid', {
    status: 400,
    message:
      'The parameter _cursor is not one this server gave out for this search. Follow the next link as it was given, or search again without _cursor.',
  });

function decodeParts(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw invalidCursor();
  }
}

function requireCount(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw invalidCursor();
  return Number(value);
}

/** Rejects February 30 and the year 0000, which PostgreSQL can't parse although JavaScript accepts them. */
function requireInstant(value: unknown): string {
  if (value === 'infinity' || value === '-infinity') return value;
  if (typeof value !== 'string' || !INSTANT_PATTERN.test(value) || value.startsWith('0000')) throw invalidCursor();
  const date = new Date(value.replace(' ', 'T').replace('+00', 'Z'));
  const same =
    !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19) === value.slice(0, 19).replace(' ', 'T');
  if (!same) throw invalidCursor();
  return value;
}
