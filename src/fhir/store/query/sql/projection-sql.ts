import type { LastChange } from '../../../model/condition.ts';
import type { ServedType } from '../../../model/fhir-version.ts';
import { type BindParameter, safeJsonSql } from './sql.ts';

const PROJECTION_TABLES = {
  record: { table: 'projection', key: 'record_id', alone: 'q.asked is null' },
  // A converted directory resource can be made from several stored ones, such as a DSTU2 Practitioner with its
  // PractitionerRoles. So `alone` is false for all of them.
  practice: { table: 'shared_projection', key: 'practice_id', alone: 'false' },
} as const;

/** Stored resources under a table alias, with the projection (stored conversion) in which they are served. */
export interface ProjectedRows {
  readonly alias: string;
  readonly compartment: ServedType['compartment'];
  readonly projection: string | undefined;
}

/**
 * SQL for the converted form `q` of a stored resource: its table, the join condition, and whether it was made from that
 * resource alone.
 */
export function projectionRowSql({ alias, compartment, projection }: ProjectedRows, bind: BindParameter) {
  const { table, key, alone } = PROJECTION_TABLES[compartment];
  const ofRow = `q.${key} = ${alias}.${key} and q.name = ${bind(projection)} and q.type = ${alias}.type and q.id = ${alias}.id`;
  return { from: `${table} q`, ofRow, alone };
}

/**
 * SQL predicate: the FHIR version shows the resource. The projection table has a row for each resource, which is
 * written with the resource or by an upgrade. The row of a hidden resource has no content. Stored R4 text is never
 * hidden.
 */
export function notHiddenSql(rows: ProjectedRows, bind: BindParameter): readonly string[] {
  if (rows.projection === undefined) return [];
  const { from, ofRow } = projectionRowSql(rows, bind);
  return [`not exists (select from ${from} where ${ofRow} and q.content is null)`];
}

/**
 * SQL for the time when a resource last changed. If it is made from several stored resources, as a DSTU2 Practitioner
 * is, the time is in its converted text.
 */
export function lastUpdatedSql({ projection }: LastChange, alias: string, bind: BindParameter): string {
  if (projection === undefined) return `${alias}.last_updated`;
  const { from, ofRow } = projectionRowSql({ alias, compartment: 'practice', projection }, bind);
  const text = `json_extract_path_text(${safeJsonSql('q.content')}, 'meta', 'lastUpdated')`;
  return `(select ${text}::timestamptz from ${from} where ${ofRow})`;
}
