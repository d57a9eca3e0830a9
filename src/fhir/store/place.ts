import type { EnforcedQuery } from '../core/enforce.ts';
import type { Place } from '../core/parts.ts';
import { allOf, type Bind, isAmong } from './sql.ts';

/** Where rows come from. */
export interface Origin {
  readonly table: string;
  /** Whose row it is: its record, or in the directory its practice. */
  readonly home: string;
  /** Its record: of one record its number, so that what is asked of that need not be asked for each row. */
  readonly record: string;
  /** Whose practice's, where rows may be of several. Within one no two rows of a type have the same id. */
  readonly practice: string | undefined;
  /** That a row is in the place of the query: the first condition of all, and it comes from the grant alone. */
  readonly isThere: string;
}

/**
 * The rows of all records of one practice by the practice that they carry, which an index begins with. Whether the record is
 * in use is asked of the rows that were found, one by one: a join could look through all records first.
 */
export function rowsAtPractice(practiceId: number, bind: Bind): Origin {
  const inUse = `(select x.state from record x where x.record_id = r.record_id) = 'active'`;
  const isThere = `r.practice_id = ${bind(practiceId)} and coalesce(${inUse}, false)`;
  return { table: 'resource r', home: 'r.record_id', record: 'r.record_id', practice: undefined, isThere };
}

/** @param superseded of versions that others have replaced, which are kept beside the rows with the same columns */
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
  // A practice has one record of a patient: as one value PostgreSQL finds its rows in their order.
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
  // Whoever names patients gets the directories of the practices that know them.
  const practices = `select x.practice_id from record x where ${activeSql(place, bind)}`;
  return { ...origin, practice, isThere: `r.practice_id in (${practices})` };
}

type Practices = Extract<Place, { kind: 'practices' }>;

const ofSeveral = ({ practiceIds }: Practices, column: string) => (practiceIds.length > 1 ? column : undefined);

/** Of the records of practices those that are neither merged into others nor erased. */
function activeSql({ practiceIds, patientIds }: Practices, bind: Bind): string {
  const where = [isAmong('x.practice_id', practiceIds, 'int', bind), "x.state = 'active'"];
  if (patientIds !== undefined) where.push(isAmong('x.patient_id', patientIds, 'uuid', bind));
  return allOf(where);
}
