import { type Executor, type SqlStatement, statement } from '../../../database/index.ts';
import type { Clock, PracticeId, RecordId } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { Projection } from '../../model/projection.ts';
import type { ResourceKey } from '../../model/resource-key.ts';
import { projectDirectoryChanges } from './directory-projections.ts';
import { lockPractice, lockRecord } from './locks.ts';
import { raiseRecordVersion } from './record-version.ts';
import { deleteUnusedMedications } from './unused-medications.ts';
import { reprojectDependents } from './write-projections.ts';
import { DIRECTORY_ROWS, RECORD_ROWS, type ResourceTableStatements } from './write-rows.ts';

/** A request to delete a resource from a patient record or a directory. `source` is the feed that sent the request. */
export interface ResourceDeletion {
  readonly home: { readonly recordId: RecordId } | { readonly practiceId: PracticeId };
  readonly clock: Clock;
  readonly source: string;
  /** Conversions to other FHIR versions. Resources whose conversion depends on the deleted one are converted again. */
  readonly projections: readonly Projection[];
}

const TOMBSTONE = { version: 'int4' } as const;
const replaceInRecord = statement(
  'fhir.bury',
  TOMBSTONE,
  `with gone as (
     delete from resource where record_id = $1 and type = $2 and id = $3 returning record_id, type, id, version, source_updated
   ), hidden as (delete from conversion where record_id = $1 and type = $2 and id = $3)
   insert into tombstone (record_id, type, id, version, deleted_at, source, source_updated)
   select record_id, type, id, version + 1, $4, $5, source_updated from gone returning version`,
);
const replaceInDirectory = statement(
  'fhir.bury-shared',
  TOMBSTONE,
  `with gone as (
     delete from shared_resource where practice_id = $1 and type = $2 and id = $3 returning practice_id, type, id, version, source_updated
   )
   insert into shared_tombstone (practice_id, type, id, version, deleted_at, source, source_updated)
   select practice_id, type, id, version + 1, $4, $5, source_updated from gone returning version`,
);
const inDirectory = statement(
  'fhir.content-in-directory',
  { content: 'text' },
  'select content from shared_resource where practice_id = $1 and type = $2 and id = $3',
);
/**
 * Deletes the documents of a resource. Resources of different types can have the same id, so documents of another
 * type's resource stay.
 */
const dropDocuments = statement(
  'fhir.drop-documents-of',
  {},
  `delete from document d where d.record_id = $1 and d.resource_id = $2
     and not exists (
       select 1 from resource r where r.record_id = d.record_id and r.id = d.resource_id
         and r.type in ('DocumentReference', 'DiagnosticReport', 'Media'))`,
);

/**
 * Deletes a resource with its documents and conversions (FHIR R4 §3.1.0.7). Its versions stay in the history, and a
 * tombstone records the deletion.
 * @returns version and time of the tombstone; undefined if the resource doesn't exist
 */
export async function deleteResource(
  tx: Executor,
  { home, clock, source, projections }: ResourceDeletion,
  key: ResourceKey,
): Promise<{ readonly version: number; readonly deletedAt: Date } | undefined> {
  if ('practiceId' in home) {
    const { practiceId } = home;
    await lockPractice(tx, practiceId, clock.now());
    const [row] = await tx.query(inDirectory, [practiceId, key.type, key.id]);
    if (row === undefined) return undefined;
    const tombstone = await writeTombstone(tx, [DIRECTORY_ROWS, replaceInDirectory], practiceId, key, {
      at: clock.now(),
      source,
    });
    const change = { ...key, before: parseJson(row.content) as Resource, now: undefined };
    await projectDirectoryChanges(tx, practiceId, [change], projections);
    return tombstone;
  }
  const { recordId } = home;
  await lockRecord(tx, recordId);
  const tombstone = await writeTombstone(tx, [RECORD_ROWS, replaceInRecord], recordId, key, {
    at: clock.now(),
    source,
  });
  if (tombstone === undefined) return undefined;
  await tx.query(dropDocuments, [recordId, key.id]);
  await deleteUnusedMedications(tx, recordId);
  await reprojectDependents(tx, recordId, [key.id], projections);
  await raiseRecordVersion(tx, recordId);
  return tombstone;
}

async function writeTombstone(
  tx: Executor,
  [rows, statementOf]: readonly [ResourceTableStatements, SqlStatement<{ readonly version: number }>],
  home: number,
  { type, id }: ResourceKey,
  { at, source }: { readonly at: Date; readonly source: string },
): Promise<{ readonly version: number; readonly deletedAt: Date } | undefined> {
  await tx.query(rows.copyToHistory, [home, [type], [id]]);
  const [row] = await tx.query(statementOf, [home, type, id, at, source]);
  return row === undefined ? undefined : { version: row.version, deletedAt: at };
}
