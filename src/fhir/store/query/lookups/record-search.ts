import { type Database, statement } from '../../../../database/index.ts';
import { type DatedStoredEntry, MAY_ACCESS, type RecordUser } from './record-user-reads.ts';
import { withinTime } from './within-time.ts';

/** Maximum number of medications whose names match, for which the entries that refer to them are found. */
const MAX_MEDICATIONS = 50;

/**
 * Reads the newest entries of each type, up to a limit, and keeps those that contain all words anywhere. An entry that
 * only refers to a Medication is kept if the Medication contains the words.
 */
const search = statement(
  'fhir.own.search',
  { type: 'text', id: 'uuid', content: 'text', position: 'text' },
  `with medication as materialized (
     select m.id from (select id, content from resource
       where record_id = $2 and type = 'Medication' and ${MAY_ACCESS} order by sort_at desc, id desc limit $5) as m
     where m.content ilike all ($4::text[]) limit ${MAX_MEDICATIONS})
   select e.type, e.id, e.content, e.sort_at::text as position
   from unnest($3::text[]) as t (type)
   cross join lateral (
     select s.type, s.id, s.content, s.sort_at from (select r.type, r.id, r.content, r.sort_at from resource r
       where r.record_id = $2 and r.type = t.type collate "C" and ${MAY_ACCESS}
       order by r.sort_at desc, r.id desc limit $5) as s
     where s.content ilike all ($4)
       or (s.type like 'Medication%' and exists (select 1 from medication m
         where strpos(s.content, 'Medication/' || m.id::text) > 0))
     order by s.sort_at desc, s.id desc limit $6) as e
   order by e.type, e.sort_at desc, e.id desc`,
);

export interface EntrySearch {
  readonly types: readonly string[];
  /** Words that an entry must contain, in any case. */
  readonly words: readonly string[];
  /** Maximum number of entries of each type that are searched, newest first. */
  readonly searched: number;
  /** Maximum number of entries of each type that are returned. */
  readonly found: number;
  /** Time limit in milliseconds. */
  readonly time: number;
}

/**
 * Finds entries of a patient record that may have these words in their names. The words can also be elsewhere in an
 * entry, so the caller checks the names.
 * @returns undefined if the search exceeded its time limit
 */
export const searchRecordEntries = (
  db: Database,
  { accountId, recordId }: RecordUser,
  { types, words, searched, found, time }: EntrySearch,
): Promise<readonly DatedStoredEntry[] | undefined> =>
  withinTime(db, time, (tx) => tx.query(search, [accountId, recordId, types, words.map(toPattern), searched, found]));

/** SQL pattern of a text that contains the word. JSON writes quotation marks and backslashes with a backslash. */
const toPattern = (word: string): string =>
  `%${JSON.stringify(word)
    .slice(1, -1)
    .replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
