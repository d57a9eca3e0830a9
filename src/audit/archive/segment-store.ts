import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { timeSql } from './canonical-event.ts';
import type { AuditSegment, EventPosition } from './segment.ts';

/** Columns that a segment has while it is sealed and afterwards. */
export const PERIOD_COLUMNS = {
  segment: 'int4',
  from_at: 'text',
  to_at: 'text',
  events: 'int8',
  first_at: 'text?',
  first_id: 'uuid?',
  last_at: 'text?',
  last_id: 'uuid?',
  salt: 'bytea',
} as const;
const COLUMNS = {
  ...PERIOD_COLUMNS,
  content_digest: 'bytea',
  previous_digest: 'bytea?',
  digest: 'bytea',
} as const;
const listed = statement(
  'audit.segments.list',
  COLUMNS,
  `select s.segment, ${timeSql('s.from_at')} as from_at, ${timeSql('s.to_at')} as to_at, s.events,
     ${timeSql('s.first_at')} as first_at, s.first_id, ${timeSql('s.last_at')} as last_at, s.last_id, s.salt,
     s.content_digest, s.previous_digest, s.digest
   from audit_segment s where s.segment >= $1 order by s.segment`,
);
const newest = statement(
  'audit.segments.newest',
  { segment: 'int4', to_at: 'timestamptz', digest: 'bytea' },
  'select segment, to_at, digest from audit_segment order by segment desc limit 1',
);
const inserted = statement(
  'audit.segments.insert',
  { segment: 'int4' },
  `insert into audit_segment (segment, from_at, to_at, events, first_at, first_id, last_at, last_id, salt, content_digest,
     previous_digest, digest, sealed_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
   on conflict do nothing returning segment`,
);
const marked = statement(
  'audit.segments.archived',
  {},
  'insert into audit_archived (segment, archived_at) values ($1, $2) on conflict do nothing',
);
const archived = statement('audit.segments.list-archived', { segment: 'int4' }, 'select segment from audit_archived');
const droppedMonths = statement(
  'audit.segments.dropped-months',
  { from_at: 'timestamptz', to_at: 'timestamptz' },
  `select month::timestamp at time zone 'UTC' as from_at, (month + interval '1 month') at time zone 'UTC' as to_at
   from audit_dropped_month order by month`,
);

const accepted = statement(
  'audit.segments.accepted',
  { segment: 'int4', digest: 'text' },
  'select segment, digest from lost_audit_segment',
);
const accept = statement(
  'audit.segments.accept',
  {},
  'insert into lost_audit_segment (segment, digest, accepted_at) values ($1, $2, $3) on conflict do nothing',
);

/** Digits of a digest in the names of the archive's files. */
export const DIGEST_DIGITS = 16;

/** Number and digest of a segment, by which its files are named. */
export interface SegmentName {
  readonly segment: number;
  /** In hexadecimal, or its first digits. */
  readonly digest: string;
}

/** Returns a text that tells segments apart that have the same number, by their digest. */
export const segmentKey = ({ segment, digest }: SegmentName): string => `${segment} ${digest.slice(0, DIGEST_DIGITS)}`;

/** Returns the keys of the segments of the archive that were accepted as lost in a restore. */
export const listAcceptedSegments = async (db: Executor): Promise<ReadonlySet<string>> =>
  new Set((await db.query(accepted)).map(segmentKey));

/** Accepts segments of the archive as lost in a restore, so that they are no longer reported as missing. */
export async function acceptSegments(tx: Executor, segments: readonly SegmentName[], now: Date): Promise<void> {
  for (const { segment, digest } of segments) await tx.query(accept, [segment, digest.slice(0, DIGEST_DIGITS), now]);
}

/** Lists the segments of the chain in their order, from a number on. */
export const listSegments = async (db: Executor, from = 1): Promise<readonly AuditSegment[]> =>
  (await db.query(listed, [from])).map(toSegment);

/** The last link of the chain. */
export interface NewestSegment {
  readonly segment: number;
  /** End of its period. */
  readonly to: Date;
  /** In hexadecimal. It stands for the whole chain. */
  readonly digest: string;
}

/** Returns the last segment of the chain; undefined if nothing was sealed yet. */
export async function findNewestSegment(db: Executor): Promise<NewestSegment | undefined> {
  const [row] = await db.query(newest);
  return row && { segment: row.segment, to: row.to_at, digest: row.digest.toString('hex') };
}

/** Adds a segment to the chain. @returns false if another process has added it */
export async function insertSegment(tx: Executor, segment: AuditSegment, sealedAt: Date): Promise<boolean> {
  const { first, last } = segment;
  const rows = await tx.query(inserted, [
    ...[segment.segment, segment.from, segment.to, segment.events],
    ...[first?.at ?? null, first?.id ?? null, last?.at ?? null, last?.id ?? null],
    ...[segment.salt, segment.contentDigest, segment.previousDigest, segment.digest].map(toBytes),
    sealedAt,
  ]);
  return rows.length > 0;
}

/** Records that the events of a segment are in the archive and were read back. */
export const markArchived = async (db: Executor, segment: number, at: Date): Promise<void> =>
  void (await db.query(marked, [segment, at]));

/** Lists the segments that are recorded as archived. */
export const listArchived = async (db: Executor): Promise<ReadonlySet<number>> =>
  new Set((await db.query(archived)).map(({ segment }) => segment));

/** A period of the audit log that was dropped from the database after its retention. */
export interface DroppedMonth {
  readonly from: Date;
  readonly to: Date;
}

/** Lists the months that were dropped, the first one first. */
export const listDroppedMonths = async (db: Executor): Promise<readonly DroppedMonth[]> =>
  (await db.query(droppedMonths)).map(({ from_at, to_at }) => ({ from: from_at, to: to_at }));

/** Tells whether events of a segment may have been dropped from the database. */
export const isDropped = ({ from, to }: Pick<AuditSegment, 'from' | 'to'>, dropped: readonly DroppedMonth[]): boolean =>
  dropped.some((month) => month.from < new Date(to) && month.to > new Date(from));

const toBytes = (hex: string | null): Buffer | null => (hex === null ? null : Buffer.from(hex, 'hex'));

const toPosition = (at: string | null, id: string | null): EventPosition | null =>
  at === null || id === null ? null : { at, id };

const toSegment = (row: RowOf<typeof COLUMNS>): AuditSegment => ({
  segment: row.segment,
  from: row.from_at,
  to: row.to_at,
  events: row.events,
  first: toPosition(row.first_at, row.first_id),
  last: toPosition(row.last_at, row.last_id),
  contentDigest: row.content_digest.toString('hex'),
  salt: row.salt.toString('hex'),
  previousDigest: row.previous_digest?.toString('hex') ?? null,
  digest: row.digest.toString('hex'),
});
