import { isUuid, Problem } from '../../kernel/index.ts';

/** Where a page begins, and what page 1 knew. It is no secret and no right: whoever alters it still sees only their record. */
export interface Cursor {
  /** Name of the order it belongs to. */
  readonly sort: string;
  /** Sort value of the last row of the page before, as PostgreSQL prints an instant. */
  readonly position: string;
  /** Id of that row. */
  readonly id: string;
  readonly total: number;
  /** The latest change among the matches when page 1 was made. */
  readonly asOf: string;
}

const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

export const encodeCursor = (cursor: Cursor): string =>
  Buffer.from(JSON.stringify([cursor.sort, cursor.position, cursor.id, cursor.total, cursor.asOf])).toString(
    'base64url',
  );

export function decodeCursor(text: string): Cursor {
  const parts = partsOf(text);
  if (!Array.isArray(parts) || parts.length !== 5) throw badCursor();
  const [sort, position, id, total, asOf] = parts as unknown[];
  if (typeof sort !== 'string' || typeof id !== 'string' || !isUuid(id)) throw badCursor();
  if (!Number.isSafeInteger(total) || Number(total) < 0) throw badCursor();
  return { sort, position: instant(position), id, total: Number(total), asOf: instant(asOf) };
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
