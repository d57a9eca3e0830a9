import type { LastChange } from '../core/condition.ts';
import type { ServedType } from '../core/version.ts';
import { type Bind, jsonSql } from './sql.ts';

const PROJECTIONS = {
  record: { table: 'projection', key: 'record_id', alone: 'q.asked is null' },
  // What a directory shows of one resource may be made of others as well.
  practice: { table: 'shared_projection', key: 'practice_id', alone: 'false' },
} as const;

/** Rows under an alias, where they are kept, and the projection that they are shown in. */
export interface ProjectedRows {
  readonly alias: string;
  readonly kept: ServedType['home'];
  readonly projection: string | undefined;
}

/** Where the row `q` of a projection is, which of its rows that is, and whether it is made of its resource alone. */
export function projectedRowOf({ alias, kept, projection }: ProjectedRows, bind: Bind) {
  const { table, key, alone } = PROJECTIONS[kept];
  const ofRow = `q.${key} = ${alias}.${key} and q.name = ${bind(projection)} and q.type = ${alias}.type and q.id = ${alias}.id`;
  return { from: `${table} q`, ofRow, alone };
}

/**
 * Every resource has its row in the projection, made with it or at start: those without content are the hidden ones.
 * Without a projection nothing is hidden.
 */
export function notHiddenSql(rows: ProjectedRows, bind: Bind): readonly string[] {
  if (rows.projection === undefined) return [];
  const { from, ofRow } = projectedRowOf(rows, bind);
  return [`not exists (select from ${from} where ${ofRow} and q.content is null)`];
}

/** When a row last changed: what is made of several resources has it in its text, as it is shown. */
export function lastChangeSql({ toldBy }: LastChange, alias: string, bind: Bind): string {
  if (toldBy === undefined) return `${alias}.last_updated`;
  const { from, ofRow } = projectedRowOf({ alias, kept: 'practice', projection: toldBy }, bind);
  const text = `json_extract_path_text(${jsonSql('q.content')}, 'meta', 'lastUpdated')`;
  return `(select ${text}::timestamptz from ${from} where ${ofRow})`;
}
