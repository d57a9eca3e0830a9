import { type Database, statement } from '../../../../database/index.ts';
import type { SecurityLabel } from '../../../../domain/index.ts';
import { SECURITY_LABELS_SINCE } from '../../index/index-definitions.ts';
import { valueToken } from '../../index/token-hash.ts';
import { labelTokens } from '../sql/access-filter-sql.ts';
import type { RecordUser } from './record-user-reads.ts';
import { withinTime } from './within-time.ts';

/** Resources of one type in a patient record, or some categories of them. */
export interface EntryKind {
  /** Name under which the result lists the number. Kinds with the same name are added up. */
  readonly name: string;
  /** R4 type, which must be a type of patient records. */
  readonly type: string;
  /** Values of `category` as `system|code`, one of which an entry must have. Empty for all entries of the type. */
  readonly categories: readonly string[];
}

export interface ShareableEntries {
  readonly kinds: readonly EntryKind[];
  /** Security labels that need a permission of their own. Entries with one of them aren't counted. */
  readonly withheld: readonly SecurityLabel[];
  /** The largest number of interest. Counting stops after one more. */
  readonly max: number;
}

/** Numbers of entries by the names of their kinds. A number above `max` means that there are more than `max`. */
export type CountedEntries = ReadonlyMap<string, number>;

/** The largest number of shareable entries that are read to count one kind. It limits the cost in a very large record. */
const MAX_READ_ENTRIES = 2000;
/**
 * The first shareable entries of one type, in the order of the primary key, so that PostgreSQL reads no more of them.
 * Only these count towards the limit, so nothing that is withheld changes a result.
 * - Entries that were indexed before the index had security labels might have one, so they are left out.
 * - `docStatus` has no search index, so the stored text is read, for documents only.
 */
const FIRST_ENTRIES = `select r.flags from resource r
  where r.record_id = $2 and r.type = k.type and r.indexed_by >= ${SECURITY_LABELS_SINCE} and not r.flags && $6::int8[]
    and (r.type <> 'DocumentReference' or position('"docStatus":"entered-in-error"' in r.content) = 0)
  order by r.id limit ${MAX_READ_ENTRIES}`;

/**
 * Counts what an account can share of a record, if it may open the record now. Each subquery stops when it has counted
 * or read enough. A number is incomplete if a category is rare among very many entries of its type.
 */
const countStatement = statement(
  'fhir.own.shareable',
  { name: 'text', entries: 'int4', complete: 'bool' },
  `select k.name, counted.entries, k.categories = '{}' or counted.entries >= $7
     or (select count(*) from (${FIRST_ENTRIES}) as entry) < ${MAX_READ_ENTRIES} as complete
   from unnest($3::text[], $4::text[], $5::text[]) as k (name, type, categories)
   cross join lateral (
     select count(*)::int as entries from (
       select 1 from (${FIRST_ENTRIES}) as entry where k.categories = '{}' or flags && k.categories::int8[] limit $7
     ) as counted) as counted
   where exists (select 1 from representation h where h.account_id = $1 and h.record_id = $2 and h.ended_at is null)`,
);

/** Search parameters whose elements say that an entry was entered in error. */
const STATUS_PARAMETERS = ['status', 'lifecycle-status', 'verification-status'];
const ERROR_TOKENS = STATUS_PARAMETERS.map((name) => valueToken(name, { system: undefined, code: 'entered-in-error' }));

/**
 * Counts the entries that an account can share of a record without a separate permission. Entries with a withheld label
 * and entries that were entered in error never change a number. A name is missing if its kinds have too many entries to
 * count. All names are if the account may not open the record, or if counting takes more than a second.
 */
export async function countShareableEntries(
  db: Database,
  { accountId, recordId }: RecordUser,
  { kinds, withheld, max }: ShareableEntries,
): Promise<CountedEntries> {
  const parameters = [
    accountId,
    recordId,
    kinds.map(({ name }) => name),
    kinds.map(({ type }) => type),
    kinds.map(({ categories }) => `{${categories.map(categoryToken).join(',')}}`),
    [...ERROR_TOKENS, ...withheld.flatMap(labelTokens)],
    max + 1,
  ];
  const rows = await withinTime(db, MAX_MILLISECONDS, async (tx) => {
    // A bitmap scan would read all entries of a type before it stops at the limit.
    await tx.queryText("select set_config('enable_bitmapscan', 'off', true)", []);
    return tx.query(countStatement, parameters);
  });
  // A page must not wait for its numbers.
  if (rows === undefined) return new Map();
  const byName = [...Map.groupBy(rows, ({ name }) => name)].map(([name, own]) => {
    const entries = own.reduce((sum, row) => sum + row.entries, 0);
    return { name, entries, isKnown: entries > max || own.every(({ complete }) => complete) };
  });
  return new Map(byName.filter(({ isKnown }) => isKnown).map(({ name, entries }) => [name, entries]));
}

const MAX_MILLISECONDS = 1000;

function categoryToken(category: string): string {
  const at = category.lastIndexOf('|');
  return valueToken('category', { system: category.slice(0, at), code: category.slice(at + 1) });
}
