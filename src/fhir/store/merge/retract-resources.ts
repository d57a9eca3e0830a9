import { type Executor, statement } from '../../../database/index.ts';
import type { Clock, PracticeId } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { Projection } from '../../model/projection.ts';
import { type ResourceKey, toReferenceText } from '../../model/resource-key.ts';
import { registerMoved } from '../id-registry/registered-ids.ts';
import { lockRecord } from '../write/locks.ts';
import { toPendingWrite } from '../write/pending-write.ts';
import { raiseRecordVersion } from '../write/record-version.ts';
import { findLocalReferences } from '../write/rewrite-references.ts';
import { deleteUnusedMedications } from '../write/unused-medications.ts';
import { findRevisions, RECORD_ROWS } from '../write/write-rows.ts';
import { lockRecordPair } from './merge-records.ts';
import { forgetMergedOrigins } from './merged-origins.ts';
import {
  DOCUMENT_COLUMNS,
  insertMovedRows,
  MOVED_ROW_COLUMNS,
  moveRowsSql,
  projectMovedResources,
  type RowMove,
} from './move-rows.ts';
import { listTargets, removeDepartedTargets, removeTargets } from './provenance-targets.ts';
import { purgeResource } from './purge-resource.ts';
import type { RecordState } from './record-merges.ts';
import { createRetractionRewriter, type MedicationCopy, type RecordContentRow } from './rewrite-retracted.ts';

/** A request to remove resources from the record of a patient to whom they don't belong. */
export interface ResourceRetraction {
  readonly practiceId: PracticeId;
  readonly from: RecordState;
  /**
   * Record of the patient to whom the resources really belong. Undefined if that patient has no record at the practice.
   */
  readonly to: RecordState | undefined;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
}

export interface RetractedResources {
  /**
   * The resources that were removed: the requested ones, and each Provenance that describes only them. A Provenance
   * that also describes other resources stays and keeps only these other targets.
   */
  readonly resources: readonly ResourceKey[];
  /** Medications that were copied to the new record, because retracted resources refer to them. */
  readonly copies: readonly ResourceKey[];
  /** Resources that stay in the old record although they refer to a retracted one. An operator should review them. */
  readonly referring: readonly ResourceKey[];
  readonly at: Date;
}

/** Reads all resources of a patient record, because any of them may refer to a retracted one. */
const rowsOf = statement(
  'fhir.retract.rows',
  MOVED_ROW_COLUMNS,
  'select type, id, version, source, source_updated, content from resource where record_id = $1 order by type, id',
);
/**
 * Moves the documents of a retracted resource. Resources of different types can have the same id, so a document stays
 * if another resource of the record refers to it.
 */
const moveDocuments = statement(
  'fhir.retract.move-documents',
  {},
  moveRowsSql('document', DOCUMENT_COLUMNS, {
    where: `r.resource_id = $3 and strpos($4, r.id::text) > 0
     and not exists (
       select 1 from resource q where q.record_id = $1 and q.id = $3 and strpos(q.content, r.id::text) > 0)`,
  }),
);
const dropDocuments = statement(
  'fhir.retract.drop-documents',
  {},
  `delete from document d where d.record_id = $1 and d.resource_id = $2
     and not exists (
       select 1 from resource r where r.record_id = $1 and r.id = $2 and strpos(r.content, d.id::text) > 0)`,
);

/**
 * Removes resources from the record of a patient to whom they don't belong (see `purgeResource`). If the right patient
 * has a record at the practice, the resources are stored there as new ones. They then refer to the right Patient, and
 * references to resources of the wrong patient are masked. The caller must hold the practice's lock. It must have
 * checked that none of the resources is a Patient or a Medication.
 * @returns undefined if the record never had one of the resources; the caller must then roll back
 */
export async function retractResources(
  tx: Executor,
  { practiceId, from, to, clock, projections }: ResourceRetraction,
  requested: readonly ResourceKey[],
): Promise<RetractedResources | undefined> {
  await (to === undefined ? lockRecord(tx, from.recordId) : lockRecordPair(tx, from.recordId, to.recordId));
  const at = clock.now();
  const rows = new Map((await tx.query(rowsOf, [from.recordId])).map((row) => [toReferenceText(row), row]));
  const wanted = new Set(requested.map(toReferenceText));
  const alsoRetracted = [...rows.values()].filter((row) => row.type === 'Provenance' && describesOnly(row, wanted));
  const keys = [...requested, ...alsoRetracted.filter((row) => !wanted.has(toReferenceText(row)))];
  const retracted = new Set(keys.map(toReferenceText));
  const rewriter = to === undefined ? undefined : createRetractionRewriter(from, to, { rows, retracted });
  for (const key of keys) {
    const row = rows.get(toReferenceText(key));
    const version = await purgeResource(tx, { from: from.recordId, to: to?.recordId, at }, key);
    if (version === undefined) return undefined;
    if (row !== undefined && to !== undefined && rewriter !== undefined) {
      await insertMovedRows(tx, { practiceId, to: to.recordId, at }, [
        { row, resource: rewriter.of(row), version: version + 1 },
      ]);
      await tx.query(moveDocuments, [from.recordId, to.recordId, key.id, row.content]);
    }
    await tx.query(dropDocuments, [from.recordId, key.id]);
  }
  const copies = rewriter?.copies() ?? [];
  if (to !== undefined) {
    await writeCopies(tx, { practiceId, to: to.recordId, at }, copies);
    // An operator has assigned these resources to the patient. If a merge of the record is undone later, they stay.
    await forgetMergedOrigins(tx, to.recordId, keys);
    await raiseRecordVersion(tx, to.recordId);
  }
  await removeDepartedTargets(tx, { practiceId, from: from.recordId, at, projections }, rows.values(), retracted);
  await deleteUnusedMedications(tx, from.recordId);
  const copied = copies.map(({ resource }) => ({ type: 'Medication', id: String(resource.id) }));
  const moved = [...keys, ...copied];
  if (to !== undefined) await registerMoved(tx, { practiceId, recordId: to.recordId }, moved);
  await projectMovedResources(tx, { from: from.recordId, to: to?.recordId ?? from.recordId, projections }, moved);
  await raiseRecordVersion(tx, from.recordId);
  return { resources: keys, copies: copied, referring: findReferring(rows, retracted), at };
}

/**
 * Stores copies of Medications. A copy may exist since an earlier retraction; it gets a new version only if it changed.
 */
async function writeCopies(
  tx: Executor,
  target: Pick<RowMove, 'practiceId' | 'to' | 'at'>,
  copies: readonly MedicationCopy[],
): Promise<void> {
  const rows = new Map(copies.map(({ row, resource }) => [resource.id, row]));
  const drafts = copies.map(({ resource }) => toPendingWrite(resource as CopiedResource));
  const revisions = await findRevisions(tx, RECORD_ROWS, target.to, drafts);
  await tx.query(RECORD_ROWS.copyToHistory, [
    target.to,
    revisions.map(({ draft }) => draft.type),
    revisions.map(({ draft }) => draft.id),
  ]);
  const changed = revisions.flatMap(({ draft: { id, resource }, version }) => {
    const row = rows.get(id);
    return row === undefined ? [] : [{ row, resource, version }];
  });
  await insertMovedRows(tx, target, changed);
}

type CopiedResource = Parameters<typeof toPendingWrite>[0];

/** Returns true if all targets of a Provenance are among the given resources. */
function describesOnly(row: RecordContentRow, wanted: ReadonlySet<string>): boolean {
  const targets = listTargets(row);
  return targets.length > 0 && targets.every((address) => wanted.has(address));
}

/**
 * Finds resources that stay in the record although they refer to a retracted one. Targets of a Provenance don't count,
 * because they are removed.
 */
function findReferring(
  rows: ReadonlyMap<string, RecordContentRow>,
  retracted: ReadonlySet<string>,
): readonly ResourceKey[] {
  const names = ({ content }: RecordContentRow): boolean =>
    [...findLocalReferences(removeTargets(parseJson(content) as Resource, retracted))].some((one) =>
      retracted.has(one),
    );
  return [...rows.values()]
    .filter((row) => !retracted.has(toReferenceText(row)) && names(row))
    .map(({ type, id }) => ({ type, id }));
}
