import { type Executor, statement } from '../../../../database/index.ts';
import { type DatedStoredEntry, MAY_ACCESS, type RecordUser } from './record-user-reads.ts';

/**
 * Each type is read in the order of the index `resource_sort`, up to the size of a page. So the cost of a page depends
 * on the number of types and the size of the page, and not on the size of the record or on which page it is.
 */
const page = statement(
  'fhir.own.timeline',
  { type: 'text', id: 'uuid', content: 'text', position: 'text' },
  `select e.type, e.id, e.content, e.sort_at::text as position
   from unnest($3::text[]) as t (type)
   cross join lateral (
     select r.type, r.id, r.sort_at, r.content from resource r
     where r.record_id = $2 and r.type = t.type collate "C" and ${MAY_ACCESS}
       and (r.sort_at, r.id) <= ($4::timestamptz, $5::uuid) and (r.sort_at, r.id, r.type) < ($4, $5, $6)
     order by r.sort_at desc, r.id desc limit $7) as e
   order by e.sort_at desc, e.id desc, e.type desc limit $7`,
);

/** Position in a timeline. Resources of two types can have the same date and id. */
export type TimelinePosition = Pick<DatedStoredEntry, 'position' | 'id' | 'type'>;

const START: TimelinePosition = { position: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff', type: '~' };

/** Lists resources of several types in a patient record by their main date, newest first. Undated ones come last. */
export const listTimeline = (
  db: Executor,
  { accountId, recordId }: RecordUser,
  types: readonly string[],
  { after = START, limit }: { readonly after?: TimelinePosition | undefined; readonly limit: number },
): Promise<readonly DatedStoredEntry[]> =>
  db.query(page, [accountId, recordId, types, after.position, after.id, after.type, limit]);
