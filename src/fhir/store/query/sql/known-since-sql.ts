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
  const changed = andSql(['r.version > 1', ...notArrivedSinceSql(query, { home, record }, at, bind)]);
  return `(r.last_updated <= ${at} or (${changed}))`;
}

/**
 * SQL predicates: the resource didn't come from a record outside the query since the first page. What came since then is
 * listed first, and only if a resource has changed. A distributed database can't look up each resource in tables that
 * other nodes have.
 */
function notArrivedSinceSql(
  { compartment, scope }: EnforcedQuery,
  { home, record }: Pick<RowSource, 'home' | 'record'>,
  at: string,
  bind: BindParameter,
): readonly string[] {
  const elsewhere = compartment === 'record' ? outsideQuerySql(scope, bind) : undefined;
  if (elsewhere === undefined) return [];
  // Otherwise the record is a column of each resource.
  const isSingleRecord = record !== home;
  const known = scope?.kind === 'practices' ? scope.records : undefined;
  const ids = isSingleRecord || known === undefined ? undefined : bind(known.map(({ recordId }) => recordId));
  const [key, keyOf] = isSingleRecord
    ? ['(r.type, r.id)', (row: string) => `${row}.type, ${row}.id`]
    : ['(r.record_id, r.type, r.id)', (row: string, into: string) => `${into}, ${row}.type, ${row}.id`];
  const isInto = (into: string) =>
    isSingleRecord
      ? `${into} = ${record}`
      : ids === undefined
        ? `${into} is not null`
        : `${into} = any(${ids}::int8[])`;
  return [
    `${key} not in (select ${keyOf('k', 'k.record_id')} from merged_resource k
       join record_merge m on m.into_record_id = k.record_id and m.merge_id = k.merge_id
       where ${isInto('k.record_id')} and m.merged_at > ${at} and ${elsewhere('m.record_id')})`,
    `${key} not in (select ${keyOf('t', 't.into_record_id')} from retraction t
       where ${isInto('t.into_record_id')} and t.retracted_at > ${at} and ${elsewhere('t.record_id')})`,
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
