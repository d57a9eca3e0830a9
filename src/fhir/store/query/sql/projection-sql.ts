import type { LastChange } from '../../../model/condition.ts';
import type { ServedType } from '../../../model/fhir-version.ts';
import { type BindParameter, safeJsonSql } from './sql.ts';

const PROJECTION_TABLES = {
  record: { table: 'projection', key: 'record_id', alone: 'q.asked is null' },
  // A projected directory resource may be built from several resources.
  practice: { table: 'shared_projection', key: 'practice_id', alone: 'false' },
} as const;

/** Rows under an alias, the kind of compartment that stores them, and the projection they are served in. */
export interface ProjectedRows {
  readonly alias: string;
  readonly compartment: ServedType['compartment'];
  readonly projection: string | undefined;
}

/**
 * SQL parts for the projection row `q` of a stored row: its table, the join condition, and whether it was built from
 * the resource alone.
 */
export function projectionRowSql({ alias, compartment, projection }: ProjectedRows, bind: BindParameter) {
  const { table, key, alone } = PROJECTION_TABLES[compartment];
  const ofRow = `q.${key} = ${alias}.${key} and q.name = ${bind(projection)} and q.type = ${alias}.type and q.id = ${alias}.id`;
  return { from: `${table} q`, ofRow, alone };
}

/**
 * SQL predicate: the row isn't hidden in the projection. Each resource has a projection row, written with the resource
 * or by an upgrade; hidden ones have no content. Without a projection nothing is hidden.
 */
export function notHiddenSql(rows: ProjectedRows, bind: BindParameter): readonly string[] {
  if (rows.projection === undefined) return [];
  const { from, ofRow } = projectionRowSql(rows, bind);
  return [`not exists (select from ${from} where ${ofRow} and q.content is null)`];
}

/** SQL of the time a row last changed. A resource built from several resources has that time in its projected text. */
export function lastUpdatedSql({ projection }: LastChange, alias: string, bind: BindParameter): string {
  if (projection === undefined) return `${alias}.last_updated`;
  const { from, ofRow } = projectionRowSql({ alias, compartment: 'practice', projection }, bind);
  const text = `json_extract_path_text(${safeJsonSql('q.content')}, 'meta', 'lastUpdated')`;
  return `(select ${text}::timestamptz from ${from} where ${ofRow})`;
}
