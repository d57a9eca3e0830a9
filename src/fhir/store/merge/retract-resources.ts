import { type Executor, statement } from '../../../database/index.ts';
import type { Clock, RecordId } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { Projection } from '../../model/projection.ts';
import { type ResourceKey, toReferenceText } from '../../model/resource-key.ts';
import { lockRecord } from '../write/locks.ts';
import { toPendingWrite } from '../write/pending-write.ts';
import { raiseRecordVersion } from '../write/record-version.ts';
import { findLocalReferences } from '../write/rewrite-references.ts';
import { deleteUnusedMedications } from '../write/unused-medications.ts';
import { findRevisions, RECORD_ROWS } from '../write/write-rows.ts';
import { lockRecordPair } from './merge-records.ts';
import { forgetMergedOrigins } from './merged-origins.ts';
import { insertMovedRows, MOVED_ROW_COLUMNS, projectMovedResources } from './move-rows.ts';
import { listTargets, removeDepartedTargets, removeTargets } from './provenance-targets.ts';
import { purgeResource } from './purge-resource.ts';
import type { RecordState } from './record-merges.ts';
import { createRetractionRewriter, type MedicationCopy, type RecordContentRow } from './rewrite-retracted.ts';

/** A request to take misfiled resources out of a patient's record. */
export interface ResourceRetraction {
  readonly from: RecordState;
  /** The record they belong to; undefined if their patient has no record here. */
  readonly to: RecordState | undefined;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
}

export interface RetractedResources {
  /**
   * The requested resources, and Provenance resources that describe nothing else. Provenance that also describes other
   * resources stays and keeps its other targets.
   */
  readonly resources: readonly ResourceKey[];
  /** Medications that were copied along. */
  readonly copies: readonly ResourceKey[];
  /** Resources that stay in the record and still refer to retracted ones. An operator should review them. */
  readonly referring: readonly ResourceKey[];
  readonly at: Date;
}

/** Reads the whole record, because references can be anywhere in it. */
const rowsOf = statement(
  'fhir.retract.rows',
  MOVED_ROW_COLUMNS,
  'select type, id, version, source, source_updated, content from resource where record_id = $1 order by type, id',
);
/** Resources of different types can share an id. A document stays if another resource of the record refers to it. */
const moveDocuments = statement(
  'fhir.retract.move-documents',
  {},
  `update document d set record_id = $2 where d.record_id = $1 and d.resource_id = $3 and strpos($4, d.id::text) > 0
     and not exists (
       select from resource r where r.record_id = $1 and r.id = $3 and strpos(r.content, d.id::text) > 0)`,
);
const dropDocuments = statement(
  'fhir.retract.drop-documents',
  {},
  `delete from document d where d.record_id = $1 and d.resource_id = $2
     and not exists (
       select from resource r where r.record_id = $1 and r.id = $2 and strpos(r.content, d.id::text) > 0)`,
);

/**
 * Takes resources out of a record that they don't belong to (see `purgeResource`) and, if their patient has a record
 * here, stores them there as new: they refer to that Patient, and references to the other patient's resources are
 * masked. The caller must hold the practice's lock and must have checked that none of them is a Patient or a
 * Medication.
 * @returns undefined if one of them never was in the record; the caller must then roll back
 */
export async function retractResources(
  tx: Executor,
  { from, to, clock, projections }: ResourceRetraction,
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
      await insertMovedRows(tx, { to: to.recordId, at }, [{ row, resource: rewriter.of(row), version: version + 1 }]);
      await tx.query(moveDocuments, [from.recordId, to.recordId, key.id, row.content]);
    }
    await tx.query(dropDocuments, [from.recordId, key.id]);
  }
  const copies = rewriter?.copies() ?? [];
  if (to !== undefined) {
    await writeCopies(tx, { to: to.recordId, at }, copies);
    // The resources now belong to the named Patient, so undoing an earlier merge must not move them.
    await forgetMergedOrigins(tx, to.recordId, keys);
    await raiseRecordVersion(tx, to.recordId);
  }
  await removeDepartedTargets(tx, { from: from.recordId, at, projections }, rows.values(), retracted);
  await deleteUnusedMedications(tx, from.recordId);
  const copied = copies.map(({ resource }) => ({ type: 'Medication', id: String(resource.id) }));
  const moved = [...keys, ...copied];
  await projectMovedResources(tx, { from: from.recordId, to: to?.recordId ?? from.recordId, projections }, moved);
  await raiseRecordVersion(tx, from.recordId);
  return { resources: keys, copies: copied, referring: findReferring(rows, retracted), at };
}

/** Copies from an earlier retraction may exist already. Only changed ones get a new version. */
async function writeCopies(
  tx: Executor,
  target: { readonly to: RecordId; readonly at: Date },
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

/** Tells whether a Provenance describes only these resources. */
function describesOnly(row: RecordContentRow, wanted: ReadonlySet<string>): boolean {
  const targets = listTargets(row);
  return targets.length > 0 && targets.every((address) => wanted.has(address));
}

/** Finds remaining resources that refer to retracted ones, ignoring Provenance targets. */
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
