import { findReadersBetween, type RecordReaderSummary } from '../../audit/index.ts';
import {
  findCurrentMerge,
  findRecordState,
  lockPractice,
  type MergedRecord,
  type RecordState,
  unmergeRecords,
} from '../../fhir/index.ts';
import { type EndedRecordUser, endRecordAccessSince, restoreRecordAccess } from '../../identity/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { endAccessThroughAccount } from '../../oauth/index.ts';
import {
  type MergeAuthor,
  type MergeDeps,
  type RejectedMerge,
  refreshDemographics,
  toRecordEvent,
} from './merge-deps.ts';
import { MERGE_REASON, UNKNOWN_PATIENTS } from './merge-patients.ts';
import { notifyAccounts } from './notify-people.ts';

export interface UnmergeRequest {
  readonly practiceId: PracticeId;
  /** Id of the Patient whose record was merged into another one. */
  readonly patientId: string;
  readonly author: MergeAuthor;
}

export interface UnmergeResult {
  readonly done: boolean;
  /** Number of resources that moved back, including the Patient. */
  readonly resources: number;
  /** Accounts that can open the separated record again, as they could before the merge. */
  readonly restored: readonly EndedRecordUser[];
  /**
   * Accounts that got access to the merged record after the merge and lose it now: the server can't tell which of the
   * two patients was meant.
   */
  readonly ended: readonly EndedRecordUser[];
  /** Number of cancelled invitations. These are invitations to the merged record that were made after the merge. */
  readonly invitations: number;
  /** Everyone who read the record while it was merged. */
  readonly readers: readonly RecordReaderSummary[];
}

const UNMERGE_REASON = 'the practice found that two joined records were of two patients';

/**
 * Undoes a merge of two patient records. The resources that came with the merge move back to their own record, and so
 * do later ones about that Patient. Accounts that could open the record before can open it again, but the access of
 * their apps stays ended. Undoing the merge again changes nothing.
 * @returns the result, or the reason why nothing was done
 */
export async function unmergePatients(
  deps: MergeDeps,
  request: UnmergeRequest,
): Promise<UnmergeResult | RejectedMerge> {
  const { tx } = deps;
  await lockPractice(tx, request.practiceId, deps.clock.now());
  const record = await findRecordState(tx, request.practiceId, request.patientId);
  if (record === undefined) return { refused: UNKNOWN_PATIENTS };
  const merge = await findCurrentMerge(tx, record.recordId);
  if (merge === undefined) return { done: false, resources: 0, restored: [], ended: [], invitations: 0, readers: [] };
  const into = await findSurvivingRecord(deps, request.practiceId, merge);
  if (into === undefined) return { refused: PART_OF_ANOTHER };
  return performUnmerge(deps, request, { record, into, merge });
}

const PART_OF_ANOTHER = 'The surviving record was merged into another record, or erased. Undo that merge first.';

interface UnmergeRecords {
  readonly record: RecordState;
  readonly into: RecordState;
  readonly merge: MergedRecord;
}

async function findSurvivingRecord(
  { tx }: MergeDeps,
  practiceId: PracticeId,
  { intoPatientId }: MergedRecord,
): Promise<RecordState | undefined> {
  const into = await findRecordState(tx, practiceId, intoPatientId);
  return into?.state === 'active' ? into : undefined;
}

async function performUnmerge(
  deps: MergeDeps,
  request: UnmergeRequest,
  { record, into, merge }: UnmergeRecords,
): Promise<UnmergeResult> {
  const { tx, clock, projections, audit, notifier } = deps;
  const { practiceId, author } = request;
  const { mergeId, mergedAt } = merge;
  const { resources, at } = await unmergeRecords(tx, { practiceId, mergeId, record, into, clock, projections });
  const restored = await restoreRecordAccess(tx, { recordId: record.recordId, at: mergedAt, reason: MERGE_REASON });
  const ended = await endRecordAccessSince(tx, {
    recordId: into.recordId,
    at,
    reason: UNMERGE_REASON,
    since: mergedAt,
  });
  for (const { accountId } of ended)
    await endAccessThroughAccount(tx, at, { accountId, recordId: into.recordId, reason: UNMERGE_REASON });
  const invitations = await notifier.cancelInvitationsSince(tx, { recordId: into.recordId, since: mergedAt, at });
  await refreshDemographics(tx, practiceId, record);
  await refreshDemographics(tx, practiceId, into);
  await notifyAccounts(tx, notifier, restored, { became: 'accessAgain', recordId: record.recordId, at });
  await notifyAccounts(tx, notifier, ended, { became: 'accessApart', recordId: into.recordId, at });
  const event = (recordId: RecordState['recordId'], action: string, about: object = {}, more: object = {}) =>
    toRecordEvent(author, { recordId, ...about }, { action, merge: mergeId, ...more });
  await audit.appendAllInTransaction(tx, [
    event(record.recordId, 'unmerged', { resources }),
    event(into.recordId, 'unmerge', { resources }),
    ...restored.map(({ accountId }) => event(record.recordId, 'restore-access', { accountId })),
    ...ended.map(({ accountId }) => event(into.recordId, 'end-access', { accountId })),
    ...invitations.map((invitation) => event(into.recordId, 'cancel-invitation', {}, { invitation })),
  ]);
  const readers = await findReadersBetween(tx, {
    periods: [{ recordId: into.recordId, from: mergedAt, to: at }],
    types: [],
  });
  return { done: true, resources, restored, ended, invitations: invitations.length, readers };
}
