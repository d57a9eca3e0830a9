import { type RecordReader, readersBetween } from '../../audit/index.ts';
import {
  lockPractice,
  type MergedRecord,
  openMerge,
  type RecordState,
  recordState,
  unmergeRecords,
} from '../../fhir/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { endAccessTo } from '../../oauth/index.ts';
import { type EndedOpener, endOpenersSince, restoreOpeners } from '../../people/index.ts';
import { MERGED, UNKNOWN } from './merge.ts';
import { type Author, type MergeDeps, type NotDone, recordEvent, renewDemographics } from './merge-deps.ts';
import { tellPeople } from './tell-people.ts';

export interface UnmergeAsked {
  readonly practiceId: PracticeId;
  /** Patient whose record was merged into another. */
  readonly patientId: string;
  readonly author: Author;
}

export interface Unmerged {
  readonly done: boolean;
  /** Number of resources that were moved back, including the Patient. */
  readonly resources: number;
  /** Accounts that regained the access that they had before the merge. */
  readonly restored: readonly EndedOpener[];
  /**
   * Accounts whose access to the remaining record began after the merge. It ends, because it is unknown which of the
   * two records was meant.
   */
  readonly ended: readonly EndedOpener[];
  /** Number of invitations to the remaining record that were made since the merge and are now cancelled. */
  readonly invitations: number;
  /** Everyone who read the merged record. */
  readonly readers: readonly RecordReader[];
}

const UNDONE = 'the practice found that two joined records were of two patients';

/**
 * Undoes a merge. Resources that came with it, and those that arrived since for that Patient, move back to their own
 * record. Accounts that could open that record regain access; the access of their apps stays ended. Undoing again
 * changes nothing.
 * @returns the result, or the reason why nothing was done
 */
export async function unmergePatients(deps: MergeDeps, request: UnmergeAsked): Promise<Unmerged | NotDone> {
  const { tx } = deps;
  await lockPractice(tx, request.practiceId);
  const record = await recordState(tx, request.practiceId, request.patientId);
  if (record === undefined) return { refused: UNKNOWN };
  const merge = await openMerge(tx, record.recordId);
  if (merge === undefined) return { done: false, resources: 0, restored: [], ended: [], invitations: 0, readers: [] };
  const into = await recordOf(deps, request.practiceId, merge);
  if (into === undefined) return { refused: PART_OF_ANOTHER };
  return unmerge(deps, request, { record, into, merge });
}

const PART_OF_ANOTHER = 'The record that it was merged into was merged into another, or erased: undo that first.';

interface Apart {
  readonly record: RecordState;
  readonly into: RecordState;
  readonly merge: MergedRecord;
}

async function recordOf(
  { tx }: MergeDeps,
  practiceId: PracticeId,
  { intoPatientId }: MergedRecord,
): Promise<RecordState | undefined> {
  const into = await recordState(tx, practiceId, intoPatientId);
  return into?.state === 'active' ? into : undefined;
}

async function unmerge(deps: MergeDeps, request: UnmergeAsked, { record, into, merge }: Apart): Promise<Unmerged> {
  const { tx, clock, projections, audit, people } = deps;
  const { practiceId, author } = request;
  const { mergeId, mergedAt } = merge;
  const { resources, at } = await unmergeRecords(tx, { mergeId, record, into, clock, projections });
  const restored = await restoreOpeners(tx, { recordId: record.recordId, at: mergedAt, reason: MERGED });
  const ended = await endOpenersSince(tx, { recordId: into.recordId, at, reason: UNDONE, since: mergedAt });
  for (const { accountId } of ended) await endAccessTo(tx, at, { accountId, recordId: into.recordId, reason: UNDONE });
  const invitations = await people.cancelInvitationsSince(tx, { recordId: into.recordId, since: mergedAt, at });
  await renewDemographics(tx, practiceId, record);
  await renewDemographics(tx, practiceId, into);
  await tellPeople(tx, people, restored, { became: 'accessAgain', recordId: record.recordId, at });
  await tellPeople(tx, people, ended, { became: 'accessApart', recordId: into.recordId, at });
  const event = (recordId: RecordState['recordId'], action: string, about: object = {}, more: object = {}) =>
    recordEvent(author, { recordId, ...about }, { action, merge: mergeId, ...more });
  await audit.recordAllWithin(tx, [
    event(record.recordId, 'unmerged', { resources }),
    event(into.recordId, 'unmerge', { resources }),
    ...restored.map(({ accountId }) => event(record.recordId, 'restore-access', { accountId })),
    ...ended.map(({ accountId }) => event(into.recordId, 'end-access', { accountId })),
    ...invitations.map((invitation) => event(into.recordId, 'cancel-invitation', {}, { invitation })),
  ]);
  const readers = await readersBetween(tx, { stays: [{ recordId: into.recordId, from: mergedAt, to: at }], types: [] });
  return { done: true, resources, restored, ended, invitations: invitations.length, readers };
}
