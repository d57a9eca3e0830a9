import { type Executor, statement } from '../../database/index.ts';
import type { Clock, RecordId } from '../../kernel/index.ts';
import { parseJson } from '../core/json.ts';
import type { Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { draftOf } from './draft.ts';
import { lockRecord } from './locks.ts';
import { addressesIn } from './map-references.ts';
import { lockBoth } from './merge-records.ts';
import { forgetOrigins } from './merged-origins.ts';
import { MOVED_ROW, projectMoved, putRows } from './move-rows.ts';
import type { RecordState } from './record-merges.ts';
import { raiseVersion } from './record-version.ts';
import { type Copy, type HeldRow, wordsFor } from './retract-words.ts';
import { sealResource } from './seal.ts';
import type { ResourceKey } from './stored.ts';
import { dropTargets, targetsIn, withoutTargets } from './told-targets.ts';
import { dropUnusedMedications } from './unused-medications.ts';
import { findRevisions, RECORD_ROWS } from './write-rows.ts';

/** A request to take misfiled resources out of a patient's record. */
export interface Retracting {
  readonly from: RecordState;
  /** The record they belong to; undefined if their patient has no record here. */
  readonly to: RecordState | undefined;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
}

export interface Retracted {
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
  MOVED_ROW,
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

const nameOf = ({ type, id }: ResourceKey): string => `${type}/${id}`;

/**
 * Takes resources out of a record that they don't belong to (see `purgeResource`) and, if their patient has a record
 * here, stores them there as new: they refer to that Patient, and references to the other patient's resources are
 * masked. The caller must hold the practice's lock and must have checked that none of them is a Patient or a
 * Medication.
 * @returns undefined if one of them never was in the record; the caller must then roll back
 */
export async function retractResources(
  tx: Executor,
  { from, to, clock, projections }: Retracting,
  requested: readonly ResourceKey[],
): Promise<Retracted | undefined> {
  await (to === undefined ? lockRecord(tx, from.recordId) : lockBoth(tx, from.recordId, to.recordId));
  const at = clock.now();
  const rows = new Map((await tx.query(rowsOf, [from.recordId])).map((row) => [nameOf(row), row]));
  const wanted = new Set(requested.map(nameOf));
  const alsoRetracted = [...rows.values()].filter((row) => row.type === 'Provenance' && tellsOf(row, wanted));
  const keys = [...requested, ...alsoRetracted.filter((row) => !wanted.has(nameOf(row)))];
  const retracted = new Set(keys.map(nameOf));
  const rewriter = to === undefined ? undefined : wordsFor(from, to, { rows, retracted });
  for (const key of keys) {
    const row = rows.get(nameOf(key));
    const version = await sealResource(tx, { from: from.recordId, to: to?.recordId, at }, key);
    if (version === undefined) return undefined;
    if (row !== undefined && to !== undefined && rewriter !== undefined) {
      await putRows(tx, { to: to.recordId, at }, [{ row, resource: rewriter.of(row), version: version + 1 }]);
      await tx.query(moveDocuments, [from.recordId, to.recordId, key.id, row.content]);
    }
    await tx.query(dropDocuments, [from.recordId, key.id]);
  }
  const copies = rewriter?.copies() ?? [];
  if (to !== undefined) {
    await putCopies(tx, { to: to.recordId, at }, copies);
    // The resources now belong to the named Patient, so undoing an earlier merge must not move them.
    await forgetOrigins(tx, to.recordId, keys);
    await raiseVersion(tx, to.recordId);
  }
  await dropTargets(tx, { from: from.recordId, at, projections }, rows.values(), retracted);
  await dropUnusedMedications(tx, from.recordId);
  const copied = copies.map(({ resource }) => ({ type: 'Medication', id: String(resource.id) }));
  const moved = [...keys, ...copied];
  await projectMoved(tx, { from: from.recordId, to: to?.recordId ?? from.recordId, projections }, moved);
  await raiseVersion(tx, from.recordId);
  return { resources: keys, copies: copied, referring: referringTo(rows, retracted), at };
}

/** Copies from an earlier retraction may exist already. Only changed ones get a new version. */
async function putCopies(
  tx: Executor,
  target: { readonly to: RecordId; readonly at: Date },
  copies: readonly Copy[],
): Promise<void> {
  const rows = new Map(copies.map(({ row, resource }) => [resource.id, row]));
  const drafts = copies.map(({ resource }) => draftOf(resource as Drafted));
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
  await putRows(tx, target, changed);
}

type Drafted = Parameters<typeof draftOf>[0];

/** Tells whether a Provenance describes only these resources. */
function tellsOf(row: HeldRow, wanted: ReadonlySet<string>): boolean {
  const targets = targetsIn(row);
  return targets.length > 0 && targets.every((address) => wanted.has(address));
}

/** Finds remaining resources that refer to retracted ones, ignoring Provenance targets. */
function referringTo(rows: ReadonlyMap<string, HeldRow>, retracted: ReadonlySet<string>): readonly ResourceKey[] {
  const names = ({ content }: HeldRow): boolean =>
    [...addressesIn(withoutTargets(parseJson(content) as Resource, retracted))].some((one) => retracted.has(one));
  return [...rows.values()]
    .filter((row) => !retracted.has(nameOf(row)) && names(row))
    .map(({ type, id }) => ({ type, id }));
}
