import { findReadersBetween, type RecordPeriod, type RecordReaderSummary } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  findMergeLineage,
  findPracticeResources,
  findRecordState,
  findStoredSince,
  findSurvivingRecord,
  getPatientOfRecord,
  liftRetraction,
  listMergedRecords,
  lockPractice,
  type PracticeResourceState,
  type RecordState,
  type ResourceKey,
  retractResources,
} from '../../fhir/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { viewMergedRecord } from '../load/merged-record.ts';
import { isInlinedType } from '../references/inlined.ts';
import { type MergeAuthor, type MergeDeps, type RejectedMerge, toRecordEvent } from './merge-deps.ts';

export interface RetractionRequest {
  readonly practiceId: PracticeId;
  /** Keys of resources to remove from one patient record, with their stored ids. */
  readonly resources: readonly ResourceKey[];
  /** Id of the Patient to whom the resources belong. undefined if they belong to no patient on this server. */
  readonly to: string | undefined;
  readonly author: MergeAuthor;
  /** Returns the names that the audit log may contain for a resource type, in all FHIR versions. */
  namesOf(type: string): readonly string[];
}

export interface RetractionResult {
  readonly done: boolean;
  /** Id of the Patient whose record contained the misfiled resources. */
  readonly patientId: string | undefined;
  readonly resources: readonly ResourceKey[];
  /** Resources that stay in the record and refer to a removed resource. */
  readonly referring: readonly ResourceKey[];
  /** Time when the first of the misfiled resources was stored in the record. */
  readonly since: Date | undefined;
  /** Everyone who read the record while it contained the misfiled resources. */
  readonly readers: readonly RecordReaderSummary[];
}

/**
 * Removes resources that were filed under the wrong patient. They can't be read in that record anymore. If the request
 * names the right Patient, they are added to that Patient's record as new resources. Removing them again changes
 * nothing.
 * @returns the result, or the reason why nothing was done
 */
export async function retractFromPatient(
  deps: MergeDeps,
  request: RetractionRequest,
): Promise<RetractionResult | RejectedMerge> {
  const { tx } = deps;
  await lockPractice(tx, request.practiceId, deps.clock.now());
  const records = await loadRetractionRecords(tx, request);
  if ('refused' in records) return records;
  return 'from' in records ? performRetraction(deps, request, records) : NO_CHANGE;
}

const NO_CHANGE: RetractionResult = {
  done: false,
  patientId: undefined,
  resources: [],
  referring: [],
  since: undefined,
  readers: [],
};

/**
 * Revokes a mistaken removal of misfiled resources, so that the record accepts them again when their source resends
 * them.
 * @returns number of resources whose removal was revoked
 */
export async function liftRetractions(
  { tx, audit }: MergeDeps,
  { practiceId, author, resources }: Pick<RetractionRequest, 'practiceId' | 'author' | 'resources'>,
): Promise<number> {
  await lockPractice(tx, practiceId);
  let lifted = 0;
  for (const key of resources) if (await liftRetraction(tx, practiceId, key)) lifted += 1;
  if (lifted > 0)
    await audit.appendAllInTransaction(tx, [
      toRecordEvent(author, { resources: lifted }, { action: 'lift', practice: practiceId }),
    ]);
  return lifted;
}

interface RetractionRecords {
  readonly from: RecordState;
  readonly to: RecordState | undefined;
}

async function loadRetractionRecords(
  tx: Executor,
  request: RetractionRequest,
): Promise<RetractionRecords | RejectedMerge | { readonly unchanged: true }> {
  const { practiceId, resources } = request;
  const to = request.to === undefined ? undefined : await findActiveRecord(tx, practiceId, request.to);
  if (request.to !== undefined && to === undefined) return { refused: UNKNOWN_TARGET };
  if (resources.some(({ type }) => type === 'Patient')) return { refused: PATIENT_RESOURCE };
  if (resources.some(({ type }) => isInlinedType(type))) return { refused: INLINED_RESOURCE };
  const stored = await findPracticeResources(tx, practiceId, resources);
  const found = resources.map(({ type, id }) => stored.get(`${type}/${id}`));
  const inRecords = found.filter((one) => one?.recordId !== undefined) as readonly (PracticeResourceState & {
    recordId: RecordId;
  })[];
  if (inRecords.length < resources.length) return { refused: NOT_IN_RECORD };
  const [recordId, ...others] = [...new Set(inRecords.map((one) => one.recordId))];
  if (recordId === undefined || others.length > 0) return { refused: SEVERAL_RECORDS };
  if (inRecords.every(({ retracted }) => retracted))
    return to === undefined ? { unchanged: true } : { refused: ALREADY_RETRACTED };
  if (recordId === to?.recordId) return { unchanged: true };
  if (to !== undefined && inRecords.some(({ deleted }) => deleted)) return { refused: RESOURCE_DELETED };
  const patientId = await getPatientOfRecord(tx, recordId);
  return { from: { recordId, patientId, state: 'active', mergedInto: undefined }, to };
}

async function findActiveRecord(
  tx: Executor,
  practiceId: PracticeId,
  patientId: string,
): Promise<RecordState | undefined> {
  const named = await findRecordState(tx, practiceId, patientId);
  const record = named === undefined ? undefined : await findSurvivingRecord(tx, named);
  return record?.state === 'active' ? record : undefined;
}

const UNKNOWN_TARGET = 'The destination Patient is unknown at this practice.';
const PATIENT_RESOURCE =
  'A Patient is the record itself and can’t be moved. To merge records of one person, use record merge.';
const INLINED_RESOURCE = 'This resource moves with the resource that refers to it. Name that resource instead.';
const NOT_IN_RECORD = 'One of the resources is in no record of this practice.';
const SEVERAL_RECORDS =
  'The resources are in the records of several patients. Name the resources of one patient at a time.';
const ALREADY_RETRACTED =
  'The resource was already retracted and is no longer stored here. The source must send it again.';
const RESOURCE_DELETED =
  'One of the resources was deleted and can’t be moved to another record. To remove its versions, leave out --to.';

async function performRetraction(
  deps: MergeDeps,
  request: RetractionRequest,
  { from, to }: RetractionRecords,
): Promise<RetractionResult | RejectedMerge> {
  const { tx, clock, projections, audit } = deps;
  const { practiceId, author, namesOf } = request;
  const since = await findStoredSince(tx, from.recordId, request.resources);
  const at = clock.now();
  const stays = await findStays(tx, from.recordId, request.resources, { from: since ?? at, to: at });
  const done = await retractResources(tx, { practiceId, from, to, clock, projections }, request.resources);
  if (done === undefined) return { refused: NOT_IN_RECORD };
  // The record of the Patient to whom the resources belong may have been merged into another one. If that merge is
  // undone, the resources move along.
  if (to !== undefined && request.to !== undefined)
    await (await viewMergedRecord(tx, to.recordId, request.to.toLowerCase())).recordLineage(tx, [
      ...done.resources,
      ...done.copies,
    ]);
  const resources = done.resources.length;
  await audit.appendAllInTransaction(tx, [
    toRecordEvent(author, { recordId: from.recordId, resources }, { action: 'retracted' }),
    ...(to === undefined ? [] : [toRecordEvent(author, { recordId: to.recordId, resources }, { action: 'filed' })]),
  ]);
  const types = [...new Set(done.resources.flatMap(({ type }) => namesOf(type)))];
  const readers = await findReadersBetween(tx, { periods: stays, types });
  return {
    done: true,
    patientId: from.patientId,
    resources: done.resources,
    referring: done.referring,
    since,
    readers,
  };
}

/**
 * Returns the records that contained the misfiled resources during a period. A resource that came into its record
 * through a merge was in the record of another Patient before.
 */
async function findStays(
  tx: Executor,
  recordId: RecordId,
  keys: readonly ResourceKey[],
  { from, to }: Pick<RecordPeriod, 'from' | 'to'>,
): Promise<readonly RecordPeriod[]> {
  const merged = await listMergedRecords(tx, recordId);
  const brought = await findMergeLineage(tx, recordId, keys);
  return keys.flatMap(({ type, id }) => {
    const lineage = brought.get(`${type}/${id}`) ?? [];
    const merges = merged.filter(({ mergeId }) => lineage.some((one) => one.mergeId === mergeId));
    const starts = [from, ...merges.map(({ mergedAt }) => mergedAt)];
    return [...merges.map((one) => one.recordId), recordId].map((stayRecordId, index) => ({
      recordId: stayRecordId,
      from: starts[index] ?? from,
      to: merges[index]?.mergedAt ?? to,
    }));
  });
}
