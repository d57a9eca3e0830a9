import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import { andSql, type BindParameter, isOneOfSql } from './sql.ts';

/**
 * SQL predicate: the row existed when page 1 was counted. Rows created later are excluded so that pages add up to the
 * total. Rows updated later are kept, except those that came from a record outside the query through a merge or a
 * corrected misfiling.
 * @param asOf time of the latest change that page 1 saw
 */
export function existedAtFirstPageSql(query: EnforcedQuery, home: string, asOf: string, bind: BindParameter): string {
  const at = `${bind(asOf)}::timestamptz`;
  const changed = andSql(['r.version > 1', ...notArrivedSinceSql(query, home, at, bind)]);
  return `(r.last_updated <= ${at} or (${changed}))`;
}

/**
 * `offset 0` stops PostgreSQL from reading all merged resources up front. The few rows changed since page 1 are looked
 * up by key instead.
 */
function notArrivedSinceSql(
  { compartment, scope }: EnforcedQuery,
  home: string,
  at: string,
  bind: BindParameter,
): readonly string[] {
  const elsewhere = compartment === 'record' ? outsideQuerySql(scope, bind) : undefined;
  if (elsewhere === undefined) return [];
  return [
    `not exists (select from merged_resource k
       join record_merge m on m.into_record_id = k.record_id and m.merge_id = k.merge_id
       where k.record_id = ${home} and k.type = r.type and k.id = r.id
         and m.merged_at > ${at} and ${elsewhere('m.record_id')} offset 0)`,
    `not exists (select from retraction t
       where t.into_record_id = ${home} and t.type = r.type and t.id = r.id
         and t.retracted_at > ${at} and ${elsewhere('t.record_id')} offset 0)`,
  ];
}

/**
 * SQL predicate: a record is not among those the query reads. undefined if the query reads whole practices, where
 * resources move only between its own records.
 */
function outsideQuerySql(place: EnforcedQuery['scope'], bind: BindParameter): ((column: string) => string) | undefined {
  if (place === undefined || place.kind === 'record') return () => 'true';
  const { practiceIds, patientIds } = place;
  if (patientIds === undefined) return undefined;
  const queried = andSql([
    isOneOfSql('o.practice_id', practiceIds, 'int', bind),
    isOneOfSql('o.patient_id', patientIds, 'uuid', bind),
  ]);
  return (column) => `${column} not in (select o.record_id from record o where ${queried})`;
}
