import { type Executor, type RowOf, statement } from '../../../../database/index.ts';
import { type AccountId, isUuid, type RecordId } from '../../../../kernel/index.ts';
import { FIRST_KEY, type ResourceKey } from '../../../model/resource-key.ts';
import { ROWS_AT_ONCE } from '../../rows-at-once.ts';
import { restoreText } from '../../text-difference.ts';

/**
 * A signed-in account that reads a patient record on the pages of the server. No app and no scopes are involved, so
 * there is no authorized query. Instead, each statement checks that the account may read the record.
 */
export interface RecordUser {
  readonly accountId: AccountId;
  readonly recordId: RecordId;
}

/** SQL condition: the account $1 may read the record $2. Each statement for pages of a record has it. */
export const MAY_ACCESS =
  'exists (select 1 from representation h where h.account_id = $1 and h.record_id = $2 and h.ended_at is null)';

const ENTRY_COLUMNS = { type: 'text', id: 'uuid', content: 'text' } as const;
const ofType = statement(
  'fhir.own.of-type',
  { ...ENTRY_COLUMNS, position: 'text' },
  `select type, id, content, sort_at::text as position from resource
   where record_id = $2 and type = $3 and ${MAY_ACCESS} and (sort_at, id) < ($4::timestamptz, $5::uuid)
   order by sort_at desc, id desc limit $6`,
);
const counts = statement(
  'fhir.own.counts',
  { type: 'text', entries: 'int8' },
  `select type, count(*) as entries from resource where record_id = $2 and ${MAY_ACCESS} group by type`,
);
const inKeyOrder = statement(
  'fhir.own.in-key-order',
  ENTRY_COLUMNS,
  `select type, id, content from resource
   where record_id = $2 and ${MAY_ACCESS} and (type, id) > ($3, $4::uuid) order by type, id limit $5`,
);
/**
 * SQL predicate on the table `conversion`: the row belongs to FHIR version $3 and has a text. The column `name` has the
 * name of the version and the converted type, such as `dstu2/ProcedureRequest`.
 */
const OF_PROJECTION = "starts_with(c.name, $3 || '/') and c.difference is not null";
/** Main conversions come first. The parameters $4 to $6 are the key of the last resource, with an empty name at first. */
const projected = statement(
  'fhir.own.projected',
  { ...ENTRY_COLUMNS, name: 'text' },
  `(select $3::text collate "C" as name, type, id, converted || content as content from resource
    where record_id = $2 and converted is not null and ${MAY_ACCESS} and $4 in ('', $3) and (type, id) > ($5, $6::uuid)
    order by type, id limit $7)
   union all
   (select c.name, c.type, c.id, c.difference || r.content from conversion c
    join resource r on r.record_id = c.record_id and r.type = c.type and r.id = c.id
    where c.record_id = $2 and ${OF_PROJECTION} and ${MAY_ACCESS} and (c.name, c.type, c.id) > ($4, $5, $6::uuid)
    order by c.name, c.type, c.id limit $7)
   order by name, type, id limit $7`,
);
const projectedCount = statement(
  'fhir.own.projected-count',
  { entries: 'int8' },
  `select (select count(*) from resource where record_id = $2 and converted is not null and ${MAY_ACCESS})
     + (select count(*) from conversion c where c.record_id = $2 and ${OF_PROJECTION} and ${MAY_ACCESS}) as entries`,
);
const shared = statement(
  'fhir.own.directory',
  ENTRY_COLUMNS,
  `select s.type, s.id, s.content
   from unnest($3::text[], $4::uuid[]) as k (type, id)
   join record r on r.record_id = $2
   join shared_resource s on s.practice_id = r.practice_id and s.type = k.type collate "C" and s.id = k.id
   where ${MAY_ACCESS} order by s.type, s.id`,
);
const sharedProjected = statement(
  'fhir.own.directory-projected',
  ENTRY_COLUMNS,
  `select s.type, s.id, s.content
   from unnest($3::text[], $4::uuid[]) as k (type, id)
   join record r on r.record_id = $2
   join shared_projection s on s.practice_id = r.practice_id and s.name = $5 and s.type = k.type collate "C" and s.id = k.id
     and s.content is not null
   where ${MAY_ACCESS} order by s.type, s.id`,
);
const accessStatement = statement(
  'fhir.own.held',
  { held: 'bool' },
  `select ${MAY_ACCESS} and $2::int8 is not null as held`,
);
const references = statement(
  'fhir.own.references',
  { reference: 'text' },
  `select distinct named[1] as reference from resource r
   cross join lateral regexp_matches(r.content, '"((?:Practitioner|Organization|Location)/[0-9a-f-]{36})"', 'g') as named
   where r.record_id = $2 and ${MAY_ACCESS} limit 2000`,
);
const documentIds = statement(
  'fhir.own.document-ids',
  { id: 'uuid' },
  `select id from document where record_id = $2 and ${MAY_ACCESS} order by id`,
);
const document = statement(
  'fhir.own.document',
  { content_type: 'text', bytes: 'bytea', resource_id: 'uuid' },
  `select d.content_type, d.bytes, d.resource_id from document d
   join resource r on r.record_id = d.record_id and r.id = d.resource_id
     and r.type in ('DocumentReference', 'DiagnosticReport', 'Media')
   where d.record_id = $2 and d.id = $3 and ${MAY_ACCESS}`,
);

export type StoredEntry = RowOf<typeof ENTRY_COLUMNS>;
export interface DatedStoredEntry extends StoredEntry {
  /** Time by which the list of entries is sorted, in the text format of PostgreSQL. */
  readonly position: string;
}
export type StoredEntryPosition = Pick<DatedStoredEntry, 'position' | 'id'>;

const BEFORE_ALL: StoredEntryPosition = { position: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** True if a position from a URL has a valid id and time, so that a query can use it. */
export function isStoredEntryPosition({ position, id }: StoredEntryPosition): boolean {
  if (!isUuid(id)) return false;
  if (position === 'infinity' || position === '-infinity') return true;
  const at = TIMESTAMP.test(position) ? new Date(`${position.slice(0, 19).replace(' ', 'T')}Z`) : undefined;
  // JavaScript's Date reads February 31 as a day in March, so the result must have the same date as the text.
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(position.slice(0, 10));
}

const TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;

/** Lists resources of one type in a patient record, newest first. */
export const listRecordEntries = (
  db: Executor,
  { accountId, recordId }: RecordUser,
  type: string,
  { after = BEFORE_ALL, limit }: { readonly after?: StoredEntryPosition | undefined; readonly limit: number },
): Promise<readonly DatedStoredEntry[]> =>
  db.query(ofType, [accountId, recordId, type, after.position, after.id, limit]);

/** Counts the resources of a patient record by type. */
export async function countRecordEntries(
  db: Executor,
  { accountId, recordId }: RecordUser,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query(counts, [accountId, recordId]);
  return new Map(rows.map(({ type, entries }) => [type, entries]));
}

/**
 * Returns the number of converted resources that a FHIR version shows of a patient record. A stored resource that is
 * converted to two types counts twice.
 */
export async function countProjectedEntries(
  db: Executor,
  { accountId, recordId }: RecordUser,
  projection: string,
): Promise<number> {
  return (await db.query(projectedCount, [accountId, recordId, projection]))[0]?.entries ?? 0;
}

/** Key of the last resource that was read. `name` is set if converted resources are read. */
interface RecordEntryKey extends ResourceKey {
  readonly name?: string;
}

/**
 * Reads all resources of a patient record, in the order of their keys.
 * @param projection name of the FHIR version to which resources are converted; undefined reads the stored R4 text
 * @throws Error if the account loses access while it reads, because an incomplete record must not look complete
 */
export async function* streamRecord(
  db: Executor,
  { accountId, recordId }: RecordUser,
  projection?: string,
): AsyncGenerator<StoredEntry> {
  for (let after: RecordEntryKey = FIRST_KEY; ; ) {
    const { name = '', type, id } = after;
    const rows: readonly (StoredEntry & RecordEntryKey)[] =
      projection === undefined
        ? await db.query(inKeyOrder, [accountId, recordId, type, id, ROWS_AT_ONCE])
        : await db.query(projected, [accountId, recordId, projection, name, type, id, ROWS_AT_ONCE]);
    yield* projection === undefined ? rows : rows.map((row) => ({ ...row, content: restoreText(row.content) }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return requireRecordAccess(db, { accountId, recordId });
    after = last;
  }
}

/**
 * Checks that the account still has access to the record. Readers call it after their last query, because queries of an
 * account without access find nothing.
 * @throws Error if it has none, because an incomplete record must not look complete
 */
export async function requireRecordAccess(db: Executor, { accountId, recordId }: RecordUser): Promise<void> {
  if ((await db.query(accessStatement, [accountId, recordId]))[0]?.held !== true)
    throw new Error('the account may not open the record any more');
}

/**
 * Reads resources of the practice's directory to which a patient record refers.
 * @param references references such as `Practitioner/…`
 * @param projection name of the FHIR version to which resources are converted; undefined reads the stored R4 text
 */
export async function readDirectoryEntries(
  db: Executor,
  { accountId, recordId }: RecordUser,
  references: readonly string[],
  projection?: string,
): Promise<readonly StoredEntry[]> {
  const keys = references.map((text) => text.split('/')).filter(([, id = '']) => isUuid(id));
  const named = [accountId, recordId, keys.map(([type]) => type), keys.map(([, id]) => id)];
  return projection === undefined ? db.query(shared, named) : db.query(sharedProjected, [...named, projection]);
}

/**
 * Lists up to 2,000 references of a patient record to resources of the practice's directory, such as `Practitioner/…`.
 */
export async function listDirectoryReferences(
  db: Executor,
  { accountId, recordId }: RecordUser,
): Promise<readonly string[]> {
  return (await db.query(references, [accountId, recordId])).map(({ reference }) => reference);
}

export interface RecordDocument {
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly resourceId: string;
}

/** Lists the ids of all documents in a patient record. */
export async function listRecordDocumentIds(
  db: Executor,
  { accountId, recordId }: RecordUser,
): Promise<readonly string[]> {
  return (await db.query(documentIds, [accountId, recordId])).map(({ id }) => id);
}

/** Reads one document of a patient record. Returns undefined if the record has no document with this id. */
export async function readRecordDocument(
  db: Executor,
  { accountId, recordId }: RecordUser,
  id: string,
): Promise<RecordDocument | undefined> {
  const [row] = isUuid(id) ? await db.query(document, [accountId, recordId, id]) : [];
  return row === undefined
    ? undefined
    : { contentType: row.content_type, bytes: row.bytes, resourceId: row.resource_id };
}
