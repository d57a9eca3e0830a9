import { deleteInBatches, type Executor, ROWS_PER_DELETE, type RowOf, statement } from '../../database/index.ts';
import { parseJson, printJson } from '../../fhir/index.ts';
import { isObject, type PracticeId, sha256 } from '../../kernel/index.ts';
import type { SourceOrigin } from '../references/reference-map.ts';
import type { RejectedOutcome } from './outcome.ts';
import type { FeedEntry } from './read-bundle.ts';

/** Maximum number of stored rejected entries per app and practice. The oldest are deleted first. */
const MAX_STORED = 1000;
/**
 * Maximum length of a stored rejected entry in UTF-16 code units of JSON. A longer entry isn't stored, so its sender
 * has to send it again.
 */
const MAX_LENGTH = 262_144;

const storeStatement = statement(
  'feed.keep-refused',
  {},
  `insert into refused_entry (practice_id, source, key, refused_at, tried_at, type, source_id, reason, waits, content)
   values ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)
   on conflict (practice_id, source, key) do update set refused_at = excluded.refused_at, tried_at = excluded.tried_at,
     reason = excluded.reason, waits = excluded.waits, content = excluded.content`,
);
const trimStatement = statement(
  'feed.cut-refused',
  {},
  `delete from refused_entry where practice_id = $1 and source = $2 and key in (
     select key from refused_entry where practice_id = $1 and source = $2 order by refused_at desc, key offset $3)`,
);
const deleteStatement = statement(
  'feed.drop-refused',
  {},
  'delete from refused_entry where practice_id = $1 and source = $2 and key = any($3::text[])',
);
const updateStatement = statement(
  'feed.tried-again',
  {},
  `update refused_entry set tried_at = $4, reason = $5, waits = waits and $6
   where practice_id = $1 and source = $2 and key = $3`,
);
const dueStatement = statement(
  'feed.due-refused',
  { key: 'text', content: 'text' },
  `select key, content from refused_entry
   where practice_id = $1 and source = $2 and (waits or $3) and key <> all($4::text[])
   order by tried_at, key limit $5`,
);
const LIST_COLUMNS = {
  practice_id: 'int4',
  source: 'text',
  refused_at: 'timestamptz',
  type: 'text',
  source_id: 'text?',
  reason: 'text',
  waits: 'bool',
} as const;
const listStatement = statement(
  'feed.list-refused',
  LIST_COLUMNS,
  `select practice_id, source, refused_at, type, source_id, reason, waits from refused_entry
   where practice_id = any($1::int[]) order by practice_id, source, refused_at, key`,
);
const latestStatement = statement(
  'feed.latest-refused',
  LIST_COLUMNS,
  `select practice_id, source, refused_at, type, source_id, reason, waits from refused_entry
   where practice_id = $1 and source = any($2::text[]) order by refused_at desc, key limit $3`,
);
const countStatement = statement(
  'feed.count-refused',
  { practice_id: 'int4', source: 'text', entries: 'int4', waiting: 'int4', oldest: 'timestamptz' },
  `select practice_id, source, count(*)::int as entries, (count(*) filter (where waits))::int as waiting,
     min(refused_at) as oldest
   from refused_entry group by 1, 2 order by 1, 2`,
);
const purgeStatement = statement(
  'feed.sweep-refused',
  { deleted: 'int4' },
  `with gone as (
     delete from refused_entry where refused_at < $1 and (practice_id, source, key) in (
       select practice_id, source, key from refused_entry where refused_at < $1 limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);

/** A rejected entry as operators see it: its origin and the reason, never its content. */
export interface RejectedFeedEntry {
  readonly practiceId: PracticeId;
  readonly source: string;
  readonly refusedAt: Date;
  readonly type: string;
  /** Id of the resource as the sending app uses it. undefined if the entry was to create a resource. */
  readonly sourceId: string | undefined;
  readonly reason: string;
  /** Whether the entry waits for a missing resource that it refers to. Such entries are retried automatically. */
  readonly waits: boolean;
}

/**
 * Returns the key of a rejected entry in the database. Entries of one app for the same resource have the same key, and
 * so do entries that create the same content.
 */
export const rejectedEntryKey = ({ type, sourceId, resource, condition }: FeedEntry): string =>
  sourceId === undefined
    ? `${type} ${sha256(condition ?? printJson(resource)).toString('hex')}`
    : `${type}/${sourceId}`;

/**
 * Stores rejected entries that may be accepted later. Only the latest entry for a resource is stored, and only a
 * limited number per app and practice.
 */
export async function storeRejectedEntries(
  tx: Executor,
  { practiceId, source }: SourceOrigin,
  now: Date,
  entries: readonly { readonly entry: FeedEntry; readonly rejection: RejectedOutcome }[],
): Promise<void> {
  const toStore = entries
    .filter(({ rejection }) => rejection.retention !== undefined)
    .map((one) => ({ ...one, content: printJson(one.entry) }))
    .filter(({ content }) => content.length <= MAX_LENGTH);
  for (const { entry, rejection, content } of toStore) {
    const { type, sourceId = null } = entry;
    const waits = rejection.retention === 'waiting';
    await tx.query(storeStatement, [
      practiceId,
      source,
      rejectedEntryKey(entry),
      now,
      type,
      sourceId,
      rejection.reason,
      waits,
      content,
    ]);
  }
  if (toStore.length > 0) await tx.query(trimStatement, [practiceId, source, MAX_STORED]);
}

export async function deleteRejectedEntries(
  tx: Executor,
  { practiceId, source }: SourceOrigin,
  keys: readonly string[],
): Promise<void> {
  if (keys.length > 0) await tx.query(deleteStatement, [practiceId, source, keys]);
}

export async function updateRejectedEntry(
  tx: Executor,
  { practiceId, source }: SourceOrigin,
  now: Date,
  { key, rejection }: { readonly key: string; readonly rejection: RejectedOutcome },
): Promise<void> {
  await tx.query(updateStatement, [practiceId, source, key, now, rejection.reason, rejection.retention === 'waiting']);
}

export interface RetrySelection {
  /**
   * Whether entries that don't wait for a missing resource are retried too. An operator may have fixed the reason why
   * they were rejected.
   */
  readonly all: boolean;
  /** Keys of entries to leave out, because they were just tried. */
  readonly without: readonly string[];
  readonly limit: number;
}

/** Finds the stored rejected entries to retry, least recently tried first. */
export async function findDueEntries(
  tx: Executor,
  { practiceId, source }: SourceOrigin,
  { all, without, limit }: RetrySelection,
): Promise<readonly { readonly key: string; readonly entry: FeedEntry }[]> {
  const rows = await tx.query(dueStatement, [practiceId, source, all, without, limit]);
  return rows.flatMap(({ key, content }, index) => {
    const entry = parseJson(content);
    return isObject(entry) ? [{ key, entry: { ...(entry as unknown as FeedEntry), index } }] : [];
  });
}

/** Lists the stored rejected entries of the practices by sending app, oldest first. */
export async function listRejectedEntries(
  db: Executor,
  practices: readonly PracticeId[],
): Promise<readonly RejectedFeedEntry[]> {
  return (await db.query(listStatement, [practices])).map(toRejectedEntry);
}

/** Lists the newest stored rejected entries of some sources at a practice. */
export const listLatestRejectedEntries = async (
  db: Executor,
  practiceId: PracticeId,
  { sources, limit }: { readonly sources: readonly string[]; readonly limit: number },
): Promise<readonly RejectedFeedEntry[]> =>
  (await db.query(latestStatement, [practiceId, sources, limit])).map(toRejectedEntry);

const toRejectedEntry = (row: RowOf<typeof LIST_COLUMNS>): RejectedFeedEntry => ({
  practiceId: row.practice_id as PracticeId,
  source: row.source,
  refusedAt: row.refused_at,
  type: row.type,
  sourceId: row.source_id ?? undefined,
  reason: row.reason,
  waits: row.waits,
});

/**
 * Counts the stored rejected entries by practice and sending app: the total, how many wait for a missing resource, and
 * when the oldest was rejected.
 */
export async function countRejectedEntries(db: Executor): Promise<
  readonly {
    readonly practiceId: PracticeId;
    readonly source: string;
    readonly entries: number;
    readonly waiting: number;
    readonly oldest: Date;
  }[]
> {
  return (await db.query(countStatement)).map(({ practice_id, ...row }) => ({
    ...row,
    practiceId: practice_id as PracticeId,
  }));
}

/** Deletes stored entries that were rejected before the given time. */
export async function purgeRejectedEntries(db: Executor, before: Date): Promise<void> {
  await deleteInBatches(db, purgeStatement, [before]);
}
