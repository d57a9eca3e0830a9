import { type Executor, statement } from '../../../database/index.ts';
import type { RecordId } from '../../../kernel/index.ts';
import { valuesListSql } from './batch-statements.ts';
import type { ResourceToStore } from './resource-to-store.ts';
import type { ResourceRevision } from './write-rows.ts';

/**
 * Deletes documents that a changed resource no longer has. Resources of different types can have the same id, so a
 * document stays if another resource refers to it.
 */
const dropOthers = statement(
  'fhir.drop-documents',
  {},
  `delete from document d where d.record_id = $1 and d.resource_id = any($2::uuid[]) and d.id <> all($3::uuid[])
     and not exists (
       select 1 from resource r where r.record_id = d.record_id and r.id = d.resource_id
         and r.type in ('DocumentReference', 'DiagnosticReport', 'Media') and strpos(r.content, d.id::text) > 0)`,
);

const CASTS = ['bigint', 'uuid', 'uuid', 'text', 'bytea'];
/**
 * Maximum number of documents, and approximate maximum bytes, that one statement writes. The database driver copies
 * them all at once.
 */
const [MOST_ROWS, MOST_BYTES] = [50, 2_097_152];

/** Stores the documents of changed resources and deletes documents that these resources no longer have. */
export async function writeDocuments(
  tx: Executor,
  recordId: RecordId,
  revisions: readonly ResourceRevision[],
  resources: readonly ResourceToStore[],
): Promise<void> {
  const changed = new Set(revisions.map(({ draft }) => draft.resource));
  const owners = resources.filter(({ resource, documents }) => documents !== undefined && changed.has(resource));
  if (owners.length === 0) return;
  const documents = new Map(
    owners.flatMap(({ resource, documents = [] }) => documents.map((one) => [one.id, { ...one, owner: resource.id }])),
  );
  await tx.query(dropOthers, [recordId, owners.map(({ resource }) => resource.id), [...documents.keys()]]);
  for (const part of splitIntoChunks([...documents.values()])) {
    await tx.queryText(
      `insert into document (record_id, id, resource_id, content_type, bytes) values ${valuesListSql(part.length, CASTS)}
       on conflict (record_id, id) do nothing`,
      part.flatMap((one) => [recordId, one.id, one.owner, one.contentType, one.bytes]),
    );
  }
}

function* splitIntoChunks<Row extends { readonly bytes: Buffer }>(rows: readonly Row[]): Generator<readonly Row[]> {
  let [start, bytes] = [0, 0];
  for (const [at, row] of rows.entries()) {
    if (at > start && (at - start >= MOST_ROWS || bytes + row.bytes.length > MOST_BYTES)) {
      yield rows.slice(start, at);
      [start, bytes] = [at, 0];
    }
    bytes += row.bytes.length;
  }
  if (start < rows.length) yield rows.slice(start);
}
