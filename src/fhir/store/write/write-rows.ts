import { type Executor, type RowOf, type SqlStatement, statement } from '../../../database/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';
import { toKeyArrays } from '../../model/resource-key.ts';
import { findRegistered } from '../id-registry/registered-ids.ts';
import { INDEX_VERSION } from '../index/index-definitions.ts';
import { type BatchStatement, createBatchStatement, runBatches, valuesListSql } from './batch-statements.ts';
import type { PendingWrite } from './pending-write.ts';

/** A resource to write, because it is new or differs from the stored one, with its new version number. */
export interface ResourceRevision {
  readonly draft: PendingWrite;
  /**
   * Version number to write: 1 for a resource that the practice never had, otherwise the last version number plus 1.
   * For a deleted resource, the last number is the highest among all records of the practice from which it was deleted.
   */
  readonly version: number;
  /** True if the patient record or directory never had the resource. */
  readonly isFirst?: boolean;
  /** True if the patient record or directory doesn't have the resource now. */
  readonly isAbsent?: boolean;
}

const EXISTING = { type: 'text', id: 'uuid', version: 'int4', digest: 'bytea', source: 'text?' } as const;

const TOMBSTONE = { type: 'text', id: 'uuid', version: 'int4', source: 'text?', own: 'bool' } as const;

export interface WriteOptions {
  /** Feed or import that sent the resources, stored with each of them. Undefined if it isn't known. */
  readonly source?: string | undefined;
  /** If true, the write fails if a feed or import other than `source` has sent one of the resources before. */
  readonly ownOnly?: boolean | undefined;
  /** True if the patient record or directory is known to be empty. */
  readonly isNew?: boolean | undefined;
  /** Practice of a patient record, whose id registry may know that a resource was never deleted. */
  readonly practiceId?: PracticeId | undefined;
}

/** Error for a write of a resource that another feed or import has sent before. Nothing was written. */
export class SourceConflictError extends Error {
  override readonly name = 'OfAnotherSource';
}

/** Statements for one of the two resource tables: `resource` for patient records, `shared_resource` for directories. */
export interface ResourceTableStatements {
  /** Whether the id registry of a practice has the resources. */
  readonly areRegistered: boolean;
  readonly existing: SqlStatement<RowOf<typeof EXISTING>>;
  readonly copyToHistory: SqlStatement<unknown>;
  /**
   * Updates the time of a resource's last change according to its feed, when the feed sends it again without changes.
   */
  readonly touch: SqlStatement<unknown>;
  /**
   * Finds the last tombstones of resources: the one in the given patient record or directory and, for a patient record,
   * the one with the highest version among the other records of the practice.
   */
  readonly tombstones: SqlStatement<RowOf<typeof TOMBSTONE>>;
  readonly upsert: BatchStatement;
}

/**
 * Columns that are copied to the history. The search index values are among them, so that authorization can check old
 * versions like current ones.
 */
const HISTORY_COLUMNS = [
  'type',
  'id',
  'version',
  'last_updated',
  'sort_at',
  'dates',
  'flags',
  'codes',
  'extra',
  'indexed_by',
  'content',
];
export const HISTORY_COLUMN_LIST = HISTORY_COLUMNS.join(', ');
const HISTORY_COLUMNS_OF_ROW = HISTORY_COLUMNS.map((column) => `r.${column}`).join(', ');

/**
 * SQL condition that compares the keys of a table with given ones. The collation must be named: values from an array
 * have the database's collation, but the column `type` has the collation "C".
 */
export const SAME_KEY_SQL = 'r.type = k.type collate "C" and r.id = k.id';

const CASTS = [
  'bigint',
  'text',
  'uuid',
  'int',
  'timestamptz',
  'timestamptz',
  'bytea',
  'timestamptz[]',
  'int8[]',
  'int8[]',
  'jsonb',
  'int',
  'text',
  'text',
  'timestamptz',
];
const UPDATED_COLUMNS = [
  'version',
  'last_updated',
  'sort_at',
  'digest',
  'dates',
  'flags',
  'codes',
  'extra',
  'indexed_by',
  'content',
  'source',
  'source_updated',
];

/**
 * SQL that sets a column to its new value. The column `source_updated` has the time of the last change according to the
 * feed or import that sent the resource. The time never decreases while the same feed sends the resource. Another feed
 * replaces it.
 */
const setSql = (table: string, name: string): string =>
  name === 'source_updated'
    ? `source_updated = case when ${table}.source is not distinct from excluded.source
         then greatest(${table}.source_updated, excluded.source_updated) else excluded.source_updated end`
    : `${name} = excluded.${name}`;

function upsertText(table: string, key: string, count: number): string {
  const columns = [key, 'type', 'id', ...UPDATED_COLUMNS];
  return `insert into ${table} (${columns.join(', ')}) values ${valuesListSql(count, CASTS)}
    on conflict (${key}, type, id) do update set ${UPDATED_COLUMNS.map((name) => setSql(table, name)).join(', ')}`;
}

/** Columns with the main conversion of a resource to another FHIR version; see `RowConversion`. */
const CONVERSION_COLUMNS = ['converted', 'converted_with'];
const CONVERSION_CASTS = ['text', 'int'];

/**
 * SQL that inserts or updates resources of patient records. It also stores the practice, with which the index on the
 * time of the last change starts.
 */
function recordUpsertText(count: number): string {
  const updated = [...UPDATED_COLUMNS, ...CONVERSION_COLUMNS, 'practice_id'];
  const columns = ['record_id', 'type', 'id', ...updated].join(', ');
  return `insert into resource (${columns}) values ${valuesListSql(count, [...CASTS, ...CONVERSION_CASTS, 'int'])}
    on conflict (record_id, type, id) do update set ${updated.map((name) => setSql('resource', name)).join(', ')}`;
}

export const RECORD_ROWS: ResourceTableStatements = {
  areRegistered: true,
  upsert: createBatchStatement('fhir.upsert', {}, recordUpsertText),
  existing: statement(
    'fhir.existing',
    EXISTING,
    `select r.type, r.id, r.version, r.digest, r.source from resource r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY_SQL} where r.record_id = $1`,
  ),
  copyToHistory: statement(
    'fhir.keep',
    {},
    `insert into resource_history (record_id, ${HISTORY_COLUMN_LIST})
     select r.record_id, ${HISTORY_COLUMNS_OF_ROW} from resource r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY_SQL} where r.record_id = $1`,
  ),
  touch: statement(
    'fhir.touch',
    {},
    `update resource r set source_updated = k.at
       from unnest($2::text[], $3::uuid[], $4::timestamptz[]) as k (type, id, at)
       where ${SAME_KEY_SQL} and r.record_id = $1 and (r.source_updated is null or r.source_updated < k.at)`,
  ),
  tombstones: statement(
    'fhir.buried',
    TOMBSTONE,
    `with held as materialized (
       select type, id, version, source, record_id from tombstone where id = any($3::uuid[]))
     select distinct on (r.type, r.id, own) r.type, r.id, r.version, r.source, r.record_id = $1 as own from held r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY_SQL}
       join record x on x.record_id = r.record_id
       where x.practice_id = (select practice_id from record where record_id = $1)
       order by r.type, r.id, own, r.version desc`,
  ),
};

export const DIRECTORY_ROWS: ResourceTableStatements = {
  areRegistered: false,
  upsert: createBatchStatement('fhir.upsert-shared', {}, (count) =>
    upsertText('shared_resource', 'practice_id', count),
  ),
  existing: statement(
    'fhir.existing-shared',
    EXISTING,
    `select r.type, r.id, r.version, r.digest, r.source from shared_resource r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY_SQL} where r.practice_id = $1`,
  ),
  copyToHistory: statement(
    'fhir.keep-shared',
    {},
    `insert into shared_resource_history (practice_id, ${HISTORY_COLUMN_LIST})
     select r.practice_id, ${HISTORY_COLUMNS_OF_ROW} from shared_resource r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY_SQL} where r.practice_id = $1`,
  ),
  touch: statement(
    'fhir.touch-shared',
    {},
    `update shared_resource r set source_updated = k.at
       from unnest($2::text[], $3::uuid[], $4::timestamptz[]) as k (type, id, at)
       where ${SAME_KEY_SQL} and r.practice_id = $1 and (r.source_updated is null or r.source_updated < k.at)`,
  ),
  tombstones: statement(
    'fhir.buried-shared',
    TOMBSTONE,
    `select distinct on (r.type, r.id) r.type, r.id, r.version, r.source, true as own from shared_tombstone r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY_SQL} where r.practice_id = $1
       order by r.type, r.id, r.version desc`,
  ),
};

/** Maximum number of resources that one statement looks up. */
const KEYS_PER_STATEMENT = 1000;

/**
 * Returns the resources that have to be written, because they are new or differ from the stored ones. The caller must
 * lock the patient record or directory.
 * @throws SourceConflictError if `ownOnly` is set and another feed or import has sent one of the resources before
 */
export async function findRevisions(
  tx: Executor,
  rows: ResourceTableStatements,
  home: number,
  drafts: readonly PendingWrite[],
  writer: WriteOptions = {},
): Promise<readonly ResourceRevision[]> {
  const revisions: ResourceRevision[] = [];
  for (let start = 0; start < drafts.length; start += KEYS_PER_STATEMENT)
    revisions.push(
      ...(await findRevisionsInChunk(tx, rows, home, drafts.slice(start, start + KEYS_PER_STATEMENT), writer)),
    );
  return revisions;
}

async function findRevisionsInChunk(
  tx: Executor,
  rows: ResourceTableStatements,
  home: number,
  drafts: readonly PendingWrite[],
  { source, ownOnly = false, isNew = false, practiceId }: WriteOptions,
): Promise<readonly ResourceRevision[]> {
  const registered =
    rows.areRegistered && practiceId !== undefined ? await findRegistered(tx, practiceId, drafts) : undefined;
  const isKnown = ({ type, id }: PendingWrite): boolean => registered?.has(`${type}/${id}`) ?? true;
  const known = isNew ? [] : drafts.filter(isKnown);
  const found = known.length === 0 ? [] : await tx.query(rows.existing, [home, ...toKeyArrays(known)]);
  const stored = new Map(found.map((row) => [`${row.type}/${row.id}`, row]));
  const absent = drafts.filter((draft) => !stored.has(`${draft.type}/${draft.id}`));
  const gone = absent.filter(isKnown);
  const tombstones = gone.length === 0 ? [] : await tx.query(rows.tombstones, [home, ...toKeyArrays(gone)]);
  const tombstonesByKey = Map.groupBy(tombstones, (row) => `${row.type}/${row.id}`);
  const lastVersion = (key: string): number =>
    Math.max(0, ...(tombstonesByKey.get(key) ?? []).map(({ version }) => version));
  const revisions = drafts.flatMap((draft): readonly ResourceRevision[] => {
    const key = `${draft.type}/${draft.id}`;
    const row = stored.get(key);
    if (row?.digest.equals(draft.digest)) return [];
    const isFirst = row === undefined && !(tombstonesByKey.get(key) ?? []).some(({ own }) => own);
    return [{ draft, version: (row?.version ?? lastVersion(key)) + 1, isFirst, isAbsent: row === undefined }];
  });
  const own = [...found, ...tombstones.filter((row) => row.own)];
  if (ownOnly && own.some((row) => row.source !== (source ?? null))) throw new SourceConflictError();
  if (ownOnly) {
    const changed = new Set(revisions.map(({ draft }) => draft));
    await touchUnchanged(
      tx,
      rows,
      home,
      drafts.filter((draft) => !changed.has(draft)),
    );
  }
  return revisions;
}

/** The main conversion of a resource to another FHIR version, which is stored in the row of the resource. */
export interface RowConversion {
  /**
   * Difference between the stored and the converted text; see `findDifference`. null if the resource is hidden in that
   * version, or can't be converted at all.
   */
  readonly converted: string | null;
  /** Version of the converter. null if the type of the resource isn't converted, or if it will be converted later. */
  readonly convertedWith: number | null;
}

/** The columns of rows of patient records that rows of a directory don't have. */
export interface RecordColumns {
  readonly practiceId: PracticeId;
  /** Conversions of the resources, in their order. */
  readonly conversions: readonly RowConversion[];
}

export const conversionValues = (conversion: RowConversion | undefined): readonly unknown[] => [
  conversion?.converted ?? null,
  conversion?.convertedWith ?? null,
];

/**
 * Writes new versions of resources and copies the versions they replace to the history.
 * @param columns further columns of patient records; undefined for resources of a directory, whose conversions are in a
 * table of their own
 */
export async function writeRevisions(
  tx: Executor,
  rows: ResourceTableStatements,
  home: number,
  at: Date,
  revisions: readonly ResourceRevision[],
  { source }: WriteOptions = {},
  columns?: RecordColumns,
): Promise<void> {
  const values = revisions.map((revision, index) => [
    ...revisionValues(home, revision, at, source ?? null),
    ...(columns === undefined ? [] : [...conversionValues(columns.conversions[index]), columns.practiceId]),
  ]);
  const superseded = revisions.filter(({ version }) => version > 1).map(({ draft }) => draft);
  const copied = superseded.length === 0 ? undefined : tx.query(rows.copyToHistory, [home, ...toKeyArrays(superseded)]);
  await Promise.all([copied, runBatches(tx, rows.upsert, values)]);
}

async function touchUnchanged(
  tx: Executor,
  rows: ResourceTableStatements,
  home: number,
  unchanged: readonly PendingWrite[],
): Promise<void> {
  const dated = unchanged.filter(({ sourceUpdated }) => sourceUpdated !== null);
  if (dated.length === 0) return;
  await tx.query(rows.touch, [home, ...toKeyArrays(dated), dated.map(({ sourceUpdated }) => sourceUpdated)]);
}

/**
 * Returns the values for one row of a resource table, in the order of the columns. Arrays and JSON are in PostgreSQL's
 * text format. The values of a conversion and the practice follow in rows of patient records.
 */
export function revisionValues(
  home: number,
  { draft, version }: ResourceRevision,
  at: Date,
  source: string | null,
  sourceUpdated: Date | null = draft.sourceUpdated,
): readonly unknown[] {
  const { sortAt, dates, flags, codes, extra } = draft.index();
  return [
    home,
    draft.type,
    draft.id,
    version,
    at.toISOString(),
    sortAt,
    draft.digest,
    toArrayText(dates),
    toArrayText(flags),
    toArrayText(codes),
    extra,
    INDEX_VERSION,
    draft.textAt(version, at),
    source,
    sourceUpdated,
  ];
}

/** Formats an array for PostgreSQL. The values must be times or numbers, because they aren't quoted. */
const toArrayText = (values: readonly (string | null)[]): string => `{${values.map((one) => one ?? 'null').join(',')}}`;
