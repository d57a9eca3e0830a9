import type { EnforcedQuery } from '../core/enforce.ts';
import { allOf, type Bind, isAmong } from './sql.ts';

/**
 * SQL: that a row was there when the first page was counted, as far as what is kept of it tells: what was made since stays
 * out, so that the pages add up to the total of the first. What was changed since is there; what came since from a record
 * that the query does not ask, since the two were merged or it was put right whose it is, is not.
 * @param asOf of the latest change that the first page saw
 */
export function knownSinceSql(query: EnforcedQuery, home: string, asOf: string, bind: Bind): string {
  const at = `${bind(asOf)}::timestamptz`;
  const changed = allOf(['r.version > 1', ...cameSql(query, home, at, bind)]);
  return `(r.last_updated <= ${at} or (${changed}))`;
}

/** `offset 0`: asked by keys for a row that was changed since, of which there are few, and never of all that ever came. */
function cameSql({ kept, place }: EnforcedQuery, home: string, at: string, bind: Bind): readonly string[] {
  const elsewhere = kept === 'record' ? elsewhereSql(place, bind) : undefined;
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

/** That a record is none of those which are asked; undefined: the whole practice is. */
function elsewhereSql(place: EnforcedQuery['place'], bind: Bind): ((column: string) => string) | undefined {
  if (place === undefined || place.kind === 'record') return () => 'true';
  const { practiceIds, patientIds } = place;
  if (patientIds === undefined) return undefined;
  const asked = allOf([
    isAmong('o.practice_id', practiceIds, 'int', bind),
    isAmong('o.patient_id', patientIds, 'uuid', bind),
  ]);
  return (column) => `${column} not in (select o.record_id from record o where ${asked})`;
}
