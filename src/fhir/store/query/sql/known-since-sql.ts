import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import type { RowSource } from './row-source.ts';
import { andSql, type BindParameter, isOneOfSql } from './sql.ts';

/**
 * SQL predicate: the resource existed when the first page was counted. Resources that were created later are left out,
 * so that the pages add up to the total. Resources that were changed later are included, with one exception: a resource
 * that has come from a record outside the query since then, through a merge or the correction of a misfiling, is left
 * out too.
 * @param asOf time of the latest change that the first page saw
 */
export function existedAtFirstPageSql(
  query: EnforcedQuery,
  { home, record }: Pick<RowSource, 'home' | 'record'>,
  asOf: string,
  bind: BindParameter,
): string {
  const at = `${bind(asOf)}::timestamptz`;
  const notArrivedSince =
    query.compartment === 'record' && query.scope?.kind === 'record'
      ? notArrivedInRecordSinceSql(record, at)
      : notArrivedSinceSql(query, home, at, bind);
  const changed = andSql(['r.version > 1', ...notArrivedSince]);
  return `(r.last_updated <= ${at} or (${changed}))`;
}

/**
 * SQL predicates for the resources of one patient record: the resource didn't come from another record since the first
 * page. What came since then is listed first, and only if a resource has changed. A distributed database can't look up
 * each resource in tables that other nodes have.
 */
const notArrivedInRecordSinceSql = (record: string, at: string): readonly string[] => [
  `(r.type, r.id) not in (select k.type, k.id from merged_resource k
     join record_merge m on m.into_record_id = k.record_id and m.merge_id = k.merge_id
     where k.record_id = ${record} and m.merged_at > ${at})`,
  `(r.type, r.id) not in (select t.type, t.id from retraction t
     where t.into_record_id = ${record} and t.retracted_at > ${at})`,
];

/**
 * SQL predicates: the resource didn't come from a record outside the query since the first page. `offset 0` keeps
 * PostgreSQL from reading all merged resources first. It then looks up the few resources that have changed since the
 * first page by their keys.
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
    `not exists (select 1 from merged_resource k
       join record_merge m on m.into_record_id = k.record_id and m.merge_id = k.merge_id
       where k.record_id = ${home} and k.type = r.type and k.id = r.id
         and m.merged_at > ${at} and ${elsewhere('m.record_id')} offset 0)`,
    `not exists (select 1 from retraction t
       where t.into_record_id = ${home} and t.type = r.type and t.id = r.id
         and t.retracted_at > ${at} and ${elsewhere('t.record_id')} offset 0)`,
  ];
}

/**
 * Returns a function that builds the SQL predicate that a patient record is outside the query. Returns undefined if the
 * query searches whole practices: resources only move between records of one practice, so none comes from outside.
 */
function outsideQuerySql(scope: EnforcedQuery['scope'], bind: BindParameter): ((column: string) => string) | undefined {
  if (scope === undefined || scope.kind === 'record') return () => 'true';
  const { practiceIds, patientIds } = scope;
  if (patientIds === undefined) return undefined;
  const queried = andSql([
    isOneOfSql('o.practice_id', practiceIds, 'int', bind),
    isOneOfSql('o.patient_id', patientIds, 'uuid', bind),
  ]);
  return (column) => `${column} not in (select o.record_id from record o where ${queried})`;
}
