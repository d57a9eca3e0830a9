import type { SearchScope } from '../../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import { andSql, type BindParameter, isOneOfSql } from './sql.ts';

/** The table, joins and scope condition that a query's rows come from. */
export interface RowSource {
  readonly table: string;
  /** SQL of the row's record_id, or practice_id for directory rows. */
  readonly home: string;
  /** SQL of the row's record. For a single record it is the bound record id, so that nothing is evaluated per row. */
  readonly record: string;
  /** SQL of the row's practice if the query spans several. Within one practice, ids are unique per type. */
  readonly practice: string | undefined;
  /**
   * SQL predicate: the row is within the query's search scope. It comes first in every query and depends only on the
   * grant.
   */
  readonly inScope: string;
}

/**
 * Reads the record rows of one practice through the index that begins with practice_id. Whether a record is active is
 * checked for each row found, because a join might scan all records first.
 */
export function practiceRowSource(practiceId: number, bind: BindParameter): RowSource {
  const inUse = `(select x.state from record x where x.record_id = r.record_id) = 'active'`;
  const isThere = `r.practice_id = ${bind(practiceId)} and coalesce(${inUse}, false)`;
  return { table: 'resource r', home: 'r.record_id', record: 'r.record_id', practice: undefined, inScope: isThere };
}

/** @param superseded reads the history table, which has the same columns */
export function getRowSource(
  { compartment, scope }: EnforcedQuery,
  bind: BindParameter,
  superseded = false,
): RowSource {
  const origin = compartment === 'record' ? recordRowSource(scope, bind) : directoryRowSource(scope, bind);
  return superseded ? { ...origin, table: origin.table.replace(/^(\w+) r/, '$1_history r') } : origin;
}

function recordRowSource(place: SearchScope | undefined, bind: BindParameter): RowSource {
  const origin = { table: 'resource r', home: 'r.record_id', record: 'r.record_id', practice: undefined };
  if (place === undefined) return { ...origin, inScope: 'false' };
  if (place.kind === 'record') {
    const record = bind(place.recordId);
    return { ...origin, record, inScope: `r.record_id = ${record}` };
  }
  const active = activeRecordsSql(place, bind);
  // A practice has at most one record per patient. Comparing with a single value lets PostgreSQL read the rows in index
  // order.
  if (place.practiceIds.length === 1 && place.patientIds?.length === 1) {
    return { ...origin, inScope: `r.record_id = (select x.record_id from record x where ${active})` };
  }
  const table = 'resource r join record x on x.record_id = r.record_id';
  return { ...origin, table, practice: columnIfSeveral(place, 'x.practice_id'), inScope: active };
}

function directoryRowSource(place: SearchScope | undefined, bind: BindParameter): RowSource {
  const origin = { table: 'shared_resource r', home: 'r.practice_id', record: 'r.record_id', practice: undefined };
  if (place === undefined) return { ...origin, inScope: 'false' };
  if (place.kind === 'record') throw new Error('a record has no directory');
  const practice = columnIfSeveral(place, 'r.practice_id');
  if (place.patientIds === undefined) {
    return { ...origin, practice, inScope: isOneOfSql('r.practice_id', place.practiceIds, 'int', bind) };
  }
  // A query for named patients reads the directories of the practices where they have a record.
  const practices = `select x.practice_id from record x where ${activeRecordsSql(place, bind)}`;
  return { ...origin, practice, inScope: `r.practice_id in (${practices})` };
}

type PracticesScope = Extract<SearchScope, { kind: 'practices' }>;

const columnIfSeveral = ({ practiceIds }: PracticesScope, column: string) =>
  practiceIds.length > 1 ? column : undefined;

/** Restricts the practices' records to active ones: neither merged into others nor erased. */
function activeRecordsSql({ practiceIds, patientIds }: PracticesScope, bind: BindParameter): string {
  const where = [isOneOfSql('x.practice_id', practiceIds, 'int', bind), "x.state = 'active'"];
  if (patientIds !== undefined) where.push(isOneOfSql('x.patient_id', patientIds, 'uuid', bind));
  return andSql(where);
}
