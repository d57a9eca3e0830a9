import { timestampText } from '../../../database/index.ts';
import type { BatchRow, SearchMatchRow } from './result-rows.ts';
import type { QuerySql } from './sql/query-sql.ts';

/** Length of an id, which is a UUID. */
export const ID_LENGTH = 36;

/**
 * A result row that has a resource and its keys as one text. Reading three short columns takes the driver longer than
 * reading a whole resource, and PostgreSQL sends rows that have only texts faster; see `PreparedQuery`.
 */
export interface PackedRow {
  readonly packed: string;
}

/**
 * SQL for a match as one text: its id, its position, a line break and its content. `position` and `content` must never be
 * null, because one null makes the whole text null.
 */
export const packedMatchSql = (position: string, content: string): string =>
  `r.id::text || ${position}::text || E'\\n' || ${content}`;

/** Reads a text that `packedMatchSql` has selected. */
export function unpackMatch({ packed }: PackedRow): Pick<SearchMatchRow, 'id' | 'position' | 'content'> {
  const end = packed.indexOf('\n', ID_LENGTH);
  return {
    id: packed.slice(0, ID_LENGTH),
    position: timestampText(packed.slice(ID_LENGTH, end)),
    content: packed.slice(end + 1),
  };
}

/** A packed resource of one of several lists. */
export interface NumberedRow extends PackedRow {
  /** Positions of hidden Provenance targets as JSON. */
  readonly unseen: string | null;
}

/**
 * SQL for the columns of a resource of one of several lists: the number of the list, a space, the id and the content as
 * one text, and the positions of hidden Provenance targets.
 * @param number SQL for the number of the list
 */
export const numberedColumnsSql = (number: string, { content, unseen }: Pick<QuerySql, 'content' | 'unseen'>): string =>
  `${number}::text || ' ' || r.id::text || ${content} as packed,
   ${unseen === undefined ? 'null::text' : `to_json(${unseen})::text`} as unseen`;

/**
 * Reads the columns that `numberedColumnsSql` has selected.
 * @param typeOf returns the R4 type of the resources of a list
 */
export function unpackNumbered(
  { packed, unseen }: NumberedRow,
  typeOf: (number: number) => string | undefined,
): { readonly number: number; readonly row: BatchRow } {
  const from = packed.indexOf(' ') + 1;
  const number = Number(packed.slice(0, from - 1));
  const row = {
    type: typeOf(number) ?? '',
    id: packed.slice(from, from + ID_LENGTH),
    content: packed.slice(from + ID_LENGTH),
  };
  return { number, row: unseen === null ? row : { ...row, unseen: JSON.parse(unseen) as readonly number[] } };
}
