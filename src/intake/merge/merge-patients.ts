import type { Executor } from '../../database/index.ts';
import {
  confirmMergesByOperator,
  findRecordState,
  findSurvivingRecord,
  lockPractice,
  type MergeReporter,
  mergeRecords,
  type RecordState,
  readStoredResource,
} from '../../fhir/index.ts';
import { type EndedRecordUser, endRecordAccess } from '../../identity/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { endAccessToRecord, endAppAccess } from '../../oauth/index.ts';
import { haveDifferentBirthDates } from '../load/identity-mismatch.ts';
import {
  type MergeAuthor,
  type MergeDeps,
  type RejectedMerge,
  refreshDemographics,
  toRecordEvent,
} from './merge-deps.ts';
import { notifyAccounts } from './notify-people.ts';

export interface MergeRequest {
  readonly practiceId: PracticeId;
  /** Id of the Patient whose record becomes part of another one. */
  readonly patientId: string;
  /** Id of the Patient whose record remains. If it was merged into a third record itself, that one remains. */
  readonly into: string;
  readonly said: MergeReporter;
  readonly source: string | undefined;
  readonly author: MergeAuthor;
  /** Whether to merge even if the birth dates differ. */
  readonly evenSo?: boolean;
}

export interface MergeResult {
  readonly done: boolean;
  /** Id of the Patient whose record remains. */
  readonly into: string;
  /** Number of resources that moved to the record that remains, including the Patient. */
  readonly resources: number;
  /**
   * Accounts that could open the record that ended. They lost that access, and the merge gives them no access to the
   * record that remains.
   */
  readonly ended: readonly EndedRecordUser[];
  /**
   * Number of app connections to the remaining record that the merge ended. A connection ends if the same person had
   * connected the same app to both records. The app has to request access again.
   */
  readonly askAgain: number;
  /** Whether an operator has now confirmed a merge that only feeds had requested before. */
  readonly confirmed?: boolean;
}

/** Reason that is stored with access that ends because of a merge. Patients and staff read it. */
export const MERGE_REASON = 'the practice joined this record with another of the same patient';

/**
 * Merges two records of one patient at a practice: the first becomes part of the second. No account gains access.
 * Accounts that could open the first record can't open the second one, and the access of their apps ends. Merging the
 * same records again changes nothing, with one exception: if an operator repeats a merge that feeds requested, no feed
 * can undo it anymore.
 * @returns the result, or the reason why the records can't be merged
 */
export async function mergePatients(deps: MergeDeps, request: MergeRequest): Promise<MergeResult | RejectedMerge> {
  const { tx } = deps;
  await lockPractice(tx, request.practiceId, deps.clock.now());
  const records = await loadMergeRecords(tx, request);
  if ('refused' in records) return records;
  if (records.record.state === 'active') return performMerge(deps, request, records);
  const unchanged = { done: false, into: records.into.patientId, resources: 0, ended: [], askAgain: 0 };
  return request.said === 'operator'
    ? { ...unchanged, confirmed: await confirmMerge(deps, request, records) }
    : unchanged;
}

interface MergeRecords {
  readonly record: RecordState;
  /**
   * The record that the request names as the one to merge into. It may be part of another record, which then remains.
   */
  readonly named: RecordState;
  readonly into: RecordState;
}

/**
 * Makes a merge that feeds requested the operator's own, so that no feed can undo it.
 * @returns whether only feeds had requested it until now
 */
async function confirmMerge(
  { tx, audit }: MergeDeps,
  { author }: MergeRequest,
  { record, named }: MergeRecords,
): Promise<boolean> {
  const confirmed = await confirmMergesByOperator(tx, record.recordId, named.recordId);
  const detail = { action: 'merge-confirmed', said: 'operator' };
  await audit.appendAllInTransaction(
    tx,
    confirmed.map(({ mergeId, recordId }) => toRecordEvent(author, { recordId }, { ...detail, merge: mergeId })),
  );
  return confirmed.length > 0;
}

async function loadMergeRecords(tx: Executor, request: MergeRequest): Promise<MergeRecords | RejectedMerge> {
  const { practiceId, patientId, evenSo = false } = request;
  const record = await findRecordState(tx, practiceId, patientId);
  const target = await findRecordState(tx, practiceId, request.into);
  if (record === undefined || target === undefined) return { refused: UNKNOWN_PATIENTS };
  const [currentRecord, into] = [await findSurvivingRecord(tx, record), await findSurvivingRecord(tx, target)];
  if (currentRecord.state !== 'active' || into.state !== 'active') return { refused: RECORD_ERASED };
  if (record.state === 'merged')
    return currentRecord.recordId === into.recordId ? { record, named: target, into } : { refused: MERGED_ELSEWHERE };
  if (record.recordId === into.recordId) return { refused: SAME_RECORD };
  if (!evenSo && haveDifferentBirthDates(await loadPatient(tx, record), await loadPatient(tx, into)))
    return { refused: BIRTH_DATES_DIFFER };
  return { record, named: target, into };
}

const loadPatient = (tx: Executor, { recordId, patientId }: RecordState): Promise<unknown> =>
  readStoredResource(tx, recordId, { type: 'Patient', id: patientId });

export const UNKNOWN_PATIENTS = 'One of the two Patients is unknown at this practice.';
const RECORD_ERASED = 'One of the two records was erased.';
const MERGED_ELSEWHERE = 'The record was merged into a third record. Undo that merge first.';
const SAME_RECORD = 'Both Patients belong to the same record. They are the same Patient, or they are already merged.';
const BIRTH_DATES_DIFFER =
  'The two Patients have different dates of birth. Correct one of them first, or let the practice merge them with a command (record merge … --even-so).';

/** Reasons why two known records can't be merged. */
export const MERGE_REASONS: readonly string[] = [RECORD_ERASED, MERGED_ELSEWHERE, SAME_RECORD, BIRTH_DATES_DIFFER];

/** Returns the reason why two records can't be merged. Returns undefined if they can be, or already are. */
export async function findMergeError(tx: Executor, request: MergeRequest): Promise<string | undefined> {
  const records = await loadMergeRecords(tx, request);
  return 'refused' in records ? records.refused : undefined;
}

async function performMerge(
  deps: MergeDeps,
  request: MergeRequest,
  { record, into }: Pick<MergeRecords, 'record' | 'into'>,
): Promise<MergeResult> {
  const { tx, random, clock, projections, audit, notifier } = deps;
  const { practiceId, said, source, author } = request;
  const mergeId = random.uuid();
  const { resources, at } = await mergeRecords(tx, {
    practiceId,
    mergeId,
    record,
    into,
    reportedBy: said,
    source,
    clock,
    projections,
  });
  const { recordId } = record;
  const ended = await endRecordAccess(tx, { recordId, at, reason: MERGE_REASON });
  const access = await endAccess(tx, at, { record, into });
  await refreshDemographics(tx, practiceId, into);
  await notifyAccounts(tx, notifier, ended, { became: 'accessJoined', recordId, at });
  const about = { merge: mergeId, said };
  await audit.appendAllInTransaction(tx, [
    toRecordEvent(author, { recordId, resources }, { action: 'merged', ...about }),
    toRecordEvent(author, { recordId: into.recordId, resources }, { action: 'merge', ...about }),
    ...ended.map(({ accountId }) =>
      toRecordEvent(author, { recordId, accountId }, { action: 'end-access', for: 'merge', merge: mergeId }),
    ),
    ...access.map((one) => {
      const detail = { action: 'end', for: 'merge', merge: mergeId, by: author.by };
      return { kind: 'revocation', outcome: 'success', ...one, detail } as const;
    }),
  ]);
  const askAgain = access.filter((one) => one.recordId === into.recordId).length;
  return { done: true, into: into.patientId, resources, ended, askAgain };
}

/**
 * Ends all app access to the record that becomes part of another one. It also ends access to the remaining record if
 * the same person had connected the same app to both, because neither consent was given for the merged record. The app
 * has to request access again.
 * @returns the ended access: account, app and record
 */
async function endAccess(tx: Executor, at: Date, { record, into }: Pick<MergeRecords, 'record' | 'into'>) {
  const endedGrants = await endAccessToRecord(tx, at, { recordId: record.recordId, reason: MERGE_REASON });
  const ended = endedGrants.map((one) => ({ ...one, recordId: record.recordId }));
  for (const one of endedGrants) {
    const other = { ...one, recordId: into.recordId };
    if (await endAppAccess(tx, at, { ...other, reason: MERGE_REASON })) ended.push(other);
  }
  return ended;
}
