import { type Executor, statement } from '../../database/index.ts';
import { parseJson, printJson } from '../../fhir/index.ts';
import { type PracticeId, sha256 } from '../../kernel/index.ts';
import { isObject } from '../json-value.ts';
import type { Origin } from '../names.ts';
import type { Refused } from './outcome.ts';
import type { FeedEntry } from './read-bundle.ts';

/** Of one source; older ones go. */
const MOST_KEPT = 1000;
/** Letters of JSON: what is longer the sender has to send again. */
const LONGEST_KEPT = 262_144;

const keep = statement(
  'feed.keep-refused',
  {},
  `insert into refused_entry (practice_id, source, key, refused_at, tried_at, type, source_id, reason, waits, content)
   values ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)
   on conflict (practice_id, source, key) do update set refused_at = excluded.refused_at, tried_at = excluded.tried_at,
     reason = excluded.reason, waits = excluded.waits, content = excluded.content`,
);
const cut = statement(
  'feed.cut-refused',
  {},
  `delete from refused_entry where practice_id = $1 and source = $2 and key in (
     select key from refused_entry where practice_id = $1 and source = $2 order by refused_at desc, key offset $3)`,
);
const drop = statement(
  'feed.drop-refused',
  {},
  'delete from refused_entry where practice_id = $1 and source = $2 and key = any($3::text[])',
);
const tried = statement(
  'feed.tried-again',
  {},
  `update refused_entry set tried_at = $4, reason = $5, waits = waits and $6
   where practice_id = $1 and source = $2 and key = $3`,
);
const due = statement(
  'feed.due-refused',
  { key: 'text', content: 'text' },
  `select key, content from refused_entry
   where practice_id = $1 and source = $2 and (waits or $3) and key <> all($4::text[])
   order by tried_at, key limit $5`,
);
const list = statement(
  'feed.list-refused',
  {
    practice_id: 'int4',
    source: 'text',
    refused_at: 'timestamptz',
    type: 'text',
    source_id: 'text?',
    reason: 'text',
    waits: 'bool',
  },
  `select practice_id, source, refused_at, type, source_id, reason, waits from refused_entry
   where practice_id = any($1::int[]) order by practice_id, source, refused_at, key`,
);
const count = statement(
  'feed.count-refused',
  { practice_id: 'int4', source: 'text', entries: 'int4', waiting: 'int4', oldest: 'timestamptz' },
  `select practice_id, source, count(*)::int as entries, (count(*) filter (where waits))::int as waiting,
     min(refused_at) as oldest
   from refused_entry group by 1, 2 order by 1, 2`,
);
const sweep = statement('feed.sweep-refused', {}, 'delete from refused_entry where refused_at < $1');

/** What an operator is shown: where it came from and why it was refused, never what it says. */
export interface KeptEntry {
  readonly practiceId: PracticeId;
  readonly source: string;
  readonly refusedAt: Date;
  readonly type: string;
  /** As the source has it; undefined: it was to be created. */
  readonly sourceId: string | undefined;
  readonly reason: string;
  /** For something it refers to: it is tried again by itself. */
  readonly waits: boolean;
}

/** The same for the same resource of a source, and for the same thing to be created. */
export const keptKey = ({ type, sourceId, resource, condition }: FeedEntry): string =>
  sourceId === undefined
    ? `${type} ${sha256(condition ?? printJson(resource)).toString('hex')}`
    : `${type}/${sourceId}`;

/** Keeps what may be accepted later; the newest of each resource, and so many in all. */
export async function keepRefused(
  tx: Executor,
  { practiceId, source }: Origin,
  now: Date,
  entries: readonly { readonly entry: FeedEntry; readonly fault: Refused }[],
): Promise<void> {
  const written = entries
    .filter(({ fault }) => fault.keep !== undefined)
    .map((one) => ({ ...one, content: printJson(one.entry) }))
    .filter(({ content }) => content.length <= LONGEST_KEPT);
  for (const { entry, fault, content } of written) {
    const { type, sourceId = null } = entry;
    const waits = fault.keep === 'waiting';
    await tx.query(keep, [practiceId, source, keptKey(entry), now, type, sourceId, fault.reason, waits, content]);
  }
  if (written.length > 0) await tx.query(cut, [practiceId, source, MOST_KEPT]);
}

export async function dropKept(tx: Executor, { practiceId, source }: Origin, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await tx.query(drop, [practiceId, source, keys]);
}

export async function stillRefused(
  tx: Executor,
  { practiceId, source }: Origin,
  now: Date,
  { key, fault }: { readonly key: string; readonly fault: Refused },
): Promise<void> {
  await tx.query(tried, [practiceId, source, key, now, fault.reason, fault.keep === 'waiting']);
}

export interface Due {
  /** Also what waits for nothing: an operator may have mended something. */
  readonly all: boolean;
  /** By their keys: those that were tried just now. */
  readonly without: readonly string[];
  readonly limit: number;
}

/** Those that were not tried for the longest time. */
export async function dueEntries(
  tx: Executor,
  { practiceId, source }: Origin,
  { all, without, limit }: Due,
): Promise<readonly { readonly key: string; readonly entry: FeedEntry }[]> {
  const rows = await tx.query(due, [practiceId, source, all, without, limit]);
  return rows.flatMap(({ key, content }, index) => {
    const entry = parseJson(content);
    return isObject(entry) ? [{ key, entry: { ...(entry as unknown as FeedEntry), index } }] : [];
  });
}

export async function listKept(db: Executor, practices: readonly PracticeId[]): Promise<readonly KeptEntry[]> {
  const rows = await db.query(list, [practices]);
  return rows.map((row) => ({
    practiceId: row.practice_id as PracticeId,
    source: row.source,
    refusedAt: row.refused_at,
    type: row.type,
    sourceId: row.source_id ?? undefined,
    reason: row.reason,
    waits: row.waits,
  }));
}

/** How many are kept of each source at each practice, how many of them wait for something, and since when. */
export async function countKept(db: Executor): Promise<
  readonly {
    readonly practiceId: PracticeId;
    readonly source: string;
    readonly entries: number;
    readonly waiting: number;
    readonly oldest: Date;
  }[]
> {
  return (await db.query(count)).map(({ practice_id, ...row }) => ({ ...row, practiceId: practice_id as PracticeId }));
}

export async function sweepKept(db: Executor, before: Date): Promise<void> {
  await db.query(sweep, [before]);
}
