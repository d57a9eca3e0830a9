import { type Executor, type RowOf, type Statement, statement } from '../../database/index.ts';
import { type BatchStatement, batchStatement, runBatches, valuesList } from './batches.ts';
import type { Draft } from './draft.ts';
import { INDEXER } from './index-table.ts';

/** A draft that is new or differs from what is stored, with the version it gets. */
export interface Revision {
  readonly draft: Draft;
  /** Of what is new: 1, or the next after all that the practice had of it until it was deleted, in whosever record. */
  readonly version: number;
  /** The home never had it. */
  readonly isFirst?: boolean;
}

const EXISTING = { type: 'text', id: 'uuid', version: 'int4', digest: 'bytea', source: 'text?' } as const;

const BURIED = { type: 'text', id: 'uuid', version: 'int4', source: 'text?', own: 'bool' } as const;

/** Who writes, for what is to be known of a resource's origin. */
export interface Writer {
  /** undefined: nobody in particular. */
  readonly source?: string | undefined;
  /** Whether what another source brought is not to be touched. */
  readonly ownOnly?: boolean | undefined;
  /** Whether there is nothing yet where it writes. */
  readonly isNew?: boolean | undefined;
}

/** A resource that another source brought would have been changed: nothing was. */
export class OfAnotherSource extends Error {
  override readonly name = 'OfAnotherSource';
}

/** The statements on one of the two tables that hold resources. */
export interface Rows {
  readonly existing: Statement<RowOf<typeof EXISTING>>;
  readonly keep: Statement<unknown>;
  /** The source sent it again, unchanged, with a newer date. */
  readonly touch: Statement<unknown>;
  /** The last tombstone of each that was deleted, and those of the other records of the practice. */
  readonly buried: Statement<RowOf<typeof BURIED>>;
  readonly upsert: BatchStatement;
}

/** What is kept of a version that is superseded: with what it is found by, so that it is under the same conditions. */
const KEPT_COLUMNS = [
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
const KEPT = KEPT_COLUMNS.join(', ');
const KEPT_OF_ROW = KEPT_COLUMNS.map((column) => `r.${column}`).join(', ');

/** `type` of an array has the database's collation, that of the table is "C". */
export const SAME_KEY = 'r.type = k.type collate "C" and r.id = k.id';

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
const CHANGED = [
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

/** The date of a source never goes back; that of another is no matter. */
const setSql = (table: string, name: string): string =>
  name === 'source_updated'
    ? `source_updated = case when ${table}.source is not distinct from excluded.source
         then greatest(${table}.source_updated, excluded.source_updated) else excluded.source_updated end`
    : `${name} = excluded.${name}`;

function upsertText(table: string, key: string, count: number): string {
  const columns = [key, 'type', 'id', ...CHANGED];
  return `insert into ${table} (${columns.join(', ')}) values ${valuesList(count, CASTS)}
    on conflict (${key}, type, id) do update set ${CHANGED.map((name) => setSql(table, name)).join(', ')}`;
}

/** A record's rows carry its practice, by which an index finds what changed there. */
function upsertOfRecordText(count: number): string {
  const columns = ['record_id', 'type', 'id', ...CHANGED].join(', ');
  return `insert into resource (${columns}, practice_id)
    select v.*, (select o.practice_id from record o where o.record_id = v.record_id)
    from (values ${valuesList(count, CASTS)}) as v (${columns})
    on conflict (record_id, type, id) do update set ${CHANGED.map((name) => setSql('resource', name)).join(', ')},
      practice_id = excluded.practice_id`;
}

export const RECORD_ROWS: Rows = {
  upsert: batchStatement('fhir.upsert', upsertOfRecordText),
  existing: statement(
    'fhir.existing',
    EXISTING,
    `select r.type, r.id, r.version, r.digest, r.source from resource r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY} where r.record_id = $1`,
  ),
  keep: statement(
    'fhir.keep',
    {},
    `insert into resource_history (record_id, ${KEPT})
     select r.record_id, ${KEPT_OF_ROW} from resource r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY} where r.record_id = $1`,
  ),
  touch: statement(
    'fhir.touch',
    {},
    `update resource r set source_updated = k.at
       from unnest($2::text[], $3::uuid[], $4::timestamptz[]) as k (type, id, at)
       where ${SAME_KEY} and r.record_id = $1 and (r.source_updated is null or r.source_updated < k.at)`,
  ),
  buried: statement(
    'fhir.buried',
    BURIED,
    `select distinct on (r.type, r.id, own) r.type, r.id, r.version, r.source, r.record_id = $1 as own from tombstone r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY}
       join record x on x.record_id = r.record_id
       where x.practice_id = (select practice_id from record where record_id = $1)
       order by r.type, r.id, own, r.version desc`,
  ),
};

export const DIRECTORY_ROWS: Rows = {
  upsert: batchStatement('fhir.upsert-shared', (count) => upsertText('shared_resource', 'practice_id', count)),
  existing: statement(
    'fhir.existing-shared',
    EXISTING,
    `select r.type, r.id, r.version, r.digest, r.source from shared_resource r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY} where r.practice_id = $1`,
  ),
  keep: statement(
    'fhir.keep-shared',
    {},
    `insert into shared_resource_history (practice_id, ${KEPT})
     select r.practice_id, ${KEPT_OF_ROW} from shared_resource r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY} where r.practice_id = $1`,
  ),
  touch: statement(
    'fhir.touch-shared',
    {},
    `update shared_resource r set source_updated = k.at
       from unnest($2::text[], $3::uuid[], $4::timestamptz[]) as k (type, id, at)
       where ${SAME_KEY} and r.practice_id = $1 and (r.source_updated is null or r.source_updated < k.at)`,
  ),
  buried: statement(
    'fhir.buried-shared',
    BURIED,
    `select distinct on (r.type, r.id) r.type, r.id, r.version, r.source, true as own from shared_tombstone r
       join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY} where r.practice_id = $1
       order by r.type, r.id, r.version desc`,
  ),
};

/** Asked for so many at a time. */
const ASKED = 1000;

/** Those that are new or differ from what is there. The caller holds the lock of the home. */
export async function findRevisions(
  tx: Executor,
  rows: Rows,
  home: number,
  drafts: readonly Draft[],
  writer: Writer = {},
): Promise<readonly Revision[]> {
  const revisions: Revision[] = [];
  for (let start = 0; start < drafts.length; start += ASKED)
    revisions.push(...(await revisionsAmong(tx, rows, home, drafts.slice(start, start + ASKED), writer)));
  return revisions;
}

async function revisionsAmong(
  tx: Executor,
  rows: Rows,
  home: number,
  drafts: readonly Draft[],
  { source, ownOnly = false, isNew = false }: Writer,
): Promise<readonly Revision[]> {
  const found = isNew ? [] : await tx.query(rows.existing, [home, ...keysOf(drafts)]);
  const stored = new Map(found.map((row) => [`${row.type}/${row.id}`, row]));
  const absent = drafts.filter((draft) => !stored.has(`${draft.type}/${draft.id}`));
  const buried = absent.length === 0 ? [] : await tx.query(rows.buried, [home, ...keysOf(absent)]);
  const ended = Map.groupBy(buried, (row) => `${row.type}/${row.id}`);
  const last = (key: string): number => Math.max(0, ...(ended.get(key) ?? []).map(({ version }) => version));
  const revisions = drafts.flatMap((draft): readonly Revision[] => {
    const key = `${draft.type}/${draft.id}`;
    const row = stored.get(key);
    if (row?.digest.equals(draft.digest)) return [];
    const isFirst = row === undefined && !(ended.get(key) ?? []).some(({ own }) => own);
    return [{ draft, version: (row?.version ?? last(key)) + 1, isFirst }];
  });
  const own = [...found, ...buried.filter((row) => row.own)];
  if (ownOnly && own.some((row) => row.source !== (source ?? null))) throw new OfAnotherSource();
  if (ownOnly) {
    const changed = new Set(revisions.map(({ draft }) => draft));
    await touch(
      tx,
      rows,
      home,
      drafts.filter((draft) => !changed.has(draft)),
    );
  }
  return revisions;
}

/** Writes them over what is there, which goes to the history. */
export async function writeRevisions(
  tx: Executor,
  rows: Rows,
  home: number,
  at: Date,
  revisions: readonly Revision[],
  { source }: Writer = {},
): Promise<void> {
  const values = revisions.map((revision) => valuesOf(home, revision, at, source ?? null));
  const superseded = revisions.filter(({ version }) => version > 1).map(({ draft }) => draft);
  const kept = superseded.length === 0 ? undefined : tx.query(rows.keep, [home, ...keysOf(superseded)]);
  await Promise.all([kept, runBatches(tx, rows.upsert, values)]);
}

async function touch(tx: Executor, rows: Rows, home: number, unchanged: readonly Draft[]): Promise<void> {
  const dated = unchanged.filter(({ sourceUpdated }) => sourceUpdated !== null);
  if (dated.length === 0) return;
  await tx.query(rows.touch, [home, ...keysOf(dated), dated.map(({ sourceUpdated }) => sourceUpdated)]);
}

const keysOf = (drafts: readonly Draft[]) => [drafts.map((draft) => draft.type), drafts.map((draft) => draft.id)];

/** In the order of the columns, those that are neither numbers nor bytes as PostgreSQL reads them. */
export function valuesOf(
  home: number,
  { draft, version }: Revision,
  at: Date,
  source: string | null,
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
    arrayText(dates),
    arrayText(flags),
    arrayText(codes),
    extra,
    INDEXER,
    draft.textAt(version, at),
    source,
    draft.sourceUpdated,
  ];
}

/** Of instants and numbers: nothing that would have to be quoted. */
const arrayText = (values: readonly (string | null)[]): string => `{${values.map((one) => one ?? 'null').join(',')}}`;
