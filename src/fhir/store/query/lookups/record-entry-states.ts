import { type Executor, statement } from '../../../../database/index.ts';
import { safeJsonSql } from '../sql/sql.ts';
import { MAY_ACCESS, type RecordUser, type StoredEntryPosition } from './record-user-reads.ts';

/** The elements that say whether an entry is current, planned or ended, and whether it is true and about the patient. */
const STATE_ELEMENTS = [
  'status',
  'lifecycleStatus',
  'docStatus',
  'clinicalStatus',
  'verificationStatus',
  'intent',
  'doNotPerform',
  'reportedBoolean',
  'reportedReference',
  'code',
  'period',
  'effectivePeriod',
  'abatementDateTime',
  'abatementPeriod',
] as const;

/** Each type is read in the order of the index `resource_sort`, so that at most `limit` entries of it are read. */
const states = statement(
  'fhir.own.states',
  { type: 'text', id: 'uuid', position: 'text', elements: 'text' },
  `select e.type, e.id, e.sort_at::text as position, json_strip_nulls(row_to_json(s))::text as elements
   from (select n.type, n.id, n.sort_at, n.content from unnest($3::text[]) as t (type)
     cross join lateral (
       select r.type, r.id, r.sort_at, r.content from resource r
       where r.record_id = $2 and r.type = t.type collate "C" and ${MAY_ACCESS}
       order by r.sort_at desc, r.id desc limit $4) as n
     order by n.sort_at desc, n.id desc limit $4) as e
   cross join lateral json_to_record(${safeJsonSql('e.content')})
     as s(${STATE_ELEMENTS.map((name) => `"${name}" json`).join(', ')})
   order by e.sort_at desc, e.id desc`,
);

/** An entry of a record without its content. */
export interface EntryStateRow extends StoredEntryPosition {
  readonly type: string;
  /** A part of the resource: its type and the elements that say whether it is current. */
  readonly resource: Readonly<Record<string, unknown>>;
}

/**
 * Reads the states of the newest entries of these types, newest first. The database takes a few elements from each
 * resource, so that a page that shows a part of the entries doesn't load and parse all of them.
 * @param limit maximum number of entries, over all types
 */
export async function listEntryStates(
  db: Executor,
  { accountId, recordId }: RecordUser,
  types: readonly string[],
  limit: number,
): Promise<readonly EntryStateRow[]> {
  const rows = await db.query(states, [accountId, recordId, types, limit]);
  return rows.map(({ type, id, position, elements }) => ({
    type,
    id,
    position,
    resource: { ...JSON.parse(elements), resourceType: type },
  }));
}
