import type { EnforcedQuery } from '../core/enforce.ts';
import type { Place } from '../core/parts.ts';
import { allOf, type Bind, isAmong } from './sql.ts';

/** The table, joins and scope condition that a query's rows come from. */
export interface Origin {
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
  readonly isThere: string;
}

/**
 * Reads the record rows of one practice through the index that begins with practice_id. Whether a record is active is
 * checked for each row found, because a join might scan all records first.
 */
export function rowsAtPractice(practiceId: number, bind: Bind): Origin {
  const inUse = `(select x.state from record x where x.record_id = r.record_id) = 'active'`;
  const isThere = `r.practice_id = ${bind(practiceId)} and coalesce(${inUse}, false)`;
  return { table: 'resource r', home: 'r.record_id', record: 'r.record_id', practice: undefined, isThere };
}

/** @param superseded reads the history table, which has the same columns */
export function originOf({ kept, place }: EnforcedQuery, bind: Bind, superseded = false): Origin {
  const origin = kept === 'record' ? records(place, bind) : directories(place, bind);
  return superseded ? { ...origin, table: origin.table.replace(/^(\w+) r/, '$1_history r') } : origin;
}

function records(place: Place | undefined, bind: Bind): Origin {
  const origin = { table: 'resource r', home: 'r.record_id', record: 'r.record_id', practice: undefined };
  if (place === undefined) return { ...origin, isThere: 'false' };
  if (place.kind === 'record') {
    const record = bind(place.recordId);
    return { ...origin, record, isThere: `r.record_id = ${record}` };
  }
  const active = activeSql(place, bind);
  // A practice has at most one record per patient. Comparing with a single value lets PostgreSQL read the rows in index
  // order.
  if (place.practiceIds.length === 1 && place.patientIds?.length === 1) {
    return { ...origin, isThere: `r.record_id = (select x.record_id from record x where ${active})` };
  }
  const table = 'resource r join record x on x.record_id = r.record_id';
  return { ...origin, table, practice: ofSeveral(place, 'x.practice_id'), isThere: active };
}

function directories(place: Place | undefined, bind: Bind): Origin {
  const origin = { table: 'shared_resource r', home: 'r.practice_id', record: 'r.record_id', practice: undefined };
  if (place === undefined) return { ...origin, isThere: 'false' };
  if (place.kind === 'record') throw new Error('a record has no directory');
  const practice = ofSeveral(place, 'r.practice_id');
  if (place.patientIds === undefined) {
    return { ...origin, practice, isThere: isAmong('r.practice_id', place.practiceIds, 'int', bind) };
  }
  // A query for named patients reads the directories of the practices where they have a record.
  const practices = `select x.practice_id from record x where ${activeSql(place, bind)}`;
  return { ...origin, practice, isThere: `r.practice_id in (${practices})` };
}

type Practices = Extract<Place, { kind: 'practices' }>;

const ofSeveral = ({ practiceIds }: Practices, column: string) => (practiceIds.length > 1 ? column : undefined);

/** Restricts the practices' records to active ones: neither merged into others nor erased. */
function activeSql({ practiceIds, patientIds }: Practices, bind: Bind): string {
  const where = [isAmong('x.practice_id', practiceIds, 'int', bind), "x.state = 'active'"];
  if (patientIds !== undefined) where.push(isAmong('x.patient_id', patientIds, 'uuid', bind));
  return allOf(where);
}
