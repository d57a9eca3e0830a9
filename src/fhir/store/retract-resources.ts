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

/** Resources that were filed under the wrong patient. */
export interface Retracting {
  readonly from: RecordState;
  /** Whose they are; undefined: nobody's here. */
  readonly to: RecordState | undefined;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
}

export interface Retracted {
  /** Those that were asked for and what goes with them: Provenance of nothing else. Of more, it tells of the rest. */
  readonly resources: readonly ResourceKey[];
  /** What was copied for them: Medications. */
  readonly copies: readonly ResourceKey[];
  /** What stays in the record and refers to one of them: may it stay? */
  readonly referring: readonly ResourceKey[];
  readonly at: Date;
}

/** One record is read whole: what refers to something stands anywhere in it. */
const rowsOf = statement(
  'fhir.retract.rows',
  MOVED_ROW,
  'select type, id, version, source, source_updated, content from resource where record_id = $1 order by type, id',
);
/** Resources of two types may have one id: what another one of the record names stays. */
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
 * Takes resources out of a record that are not this patient's (see `sealResource`), and puts them into the record of whose
 * they are, as new there: about that Patient, and without references to what is the other one's. The caller holds the lock of
 * the practice, and has seen to it that none is a Patient or a Medication.
 * @returns undefined: one of them is not in the record, and never was; what was done until then is to be taken back
 */
export async function retractResources(
  tx: Executor,
  { from, to, clock, projections }: Retracting,
  asked: readonly ResourceKey[],
): Promise<Retracted | undefined> {
  await (to === undefined ? lockRecord(tx, from.recordId) : lockBoth(tx, from.recordId, to.recordId));
  const at = clock.now();
  const rows = new Map((await tx.query(rowsOf, [from.recordId])).map((row) => [nameOf(row), row]));
  const wanted = new Set(asked.map(nameOf));
  const along = [...rows.values()].filter((row) => row.type === 'Provenance' && tellsOf(row, wanted));
  const keys = [...asked, ...along.filter((row) => !wanted.has(nameOf(row)))];
  const gone = new Set(keys.map(nameOf));
  const words = to === undefined ? undefined : wordsFor(from, to, { rows, gone });
  for (const key of keys) {
    const row = rows.get(nameOf(key));
    const version = await sealResource(tx, { from: from.recordId, to: to?.recordId, at }, key);
    if (version === undefined) return undefined;
    if (row !== undefined && to !== undefined && words !== undefined) {
      await putRows(tx, { to: to.recordId, at }, [{ row, resource: words.of(row), version: version + 1 }]);
      await tx.query(moveDocuments, [from.recordId, to.recordId, key.id, row.content]);
    }
    await tx.query(dropDocuments, [from.recordId, key.id]);
  }
  const copies = words?.copies() ?? [];
  if (to !== undefined) {
    await putCopies(tx, { to: to.recordId, at }, copies);
    // From now on they are of the Patient who was named, not of one by whom they came there before.
    await forgetOrigins(tx, to.recordId, keys);
    await raiseVersion(tx, to.recordId);
  }
  await dropTargets(tx, { from: from.recordId, at, projections }, rows.values(), gone);
  await dropUnusedMedications(tx, from.recordId);
  const copied = copies.map(({ resource }) => ({ type: 'Medication', id: String(resource.id) }));
  const come = [...keys, ...copied];
  await projectMoved(tx, { from: from.recordId, to: to?.recordId ?? from.recordId, projections }, come);
  await raiseVersion(tx, from.recordId);
  return { resources: keys, copies: copied, referring: referringTo(rows, gone), at };
}

/** Those that were copied before are there: only what has changed gets its next version. */
async function putCopies(
  tx: Executor,
  target: { readonly to: RecordId; readonly at: Date },
  copies: readonly Copy[],
): Promise<void> {
  const rows = new Map(copies.map(({ row, resource }) => [resource.id, row]));
  const drafts = copies.map(({ resource }) => draftOf(resource as Drafted));
  const revisions = await findRevisions(tx, RECORD_ROWS, target.to, drafts);
  await tx.query(RECORD_ROWS.keep, [
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

/** A Provenance that is about these alone. */
function tellsOf(row: HeldRow, wanted: ReadonlySet<string>): boolean {
  const targets = targetsIn(row);
  return targets.length > 0 && targets.every((address) => wanted.has(address));
}

/** What stays and names what is gone, other than as what it tells the origin of. */
function referringTo(rows: ReadonlyMap<string, HeldRow>, gone: ReadonlySet<string>): readonly ResourceKey[] {
  const names = ({ content }: HeldRow): boolean =>
    [...addressesIn(withoutTargets(parseJson(content) as Resource, gone))].some((one) => gone.has(one));
  return [...rows.values()].filter((row) => !gone.has(nameOf(row)) && names(row)).map(({ type, id }) => ({ type, id }));
}
