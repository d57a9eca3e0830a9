import type { Executor } from '../../database/index.ts';
import {
  lockPractice,
  type MergeSaid,
  mergeRecords,
  type RecordState,
  readStored,
  recordState,
  remaining,
  saidByOperator,
} from '../../fhir/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { endAccessOfApp, endAccessOn } from '../../oauth/index.ts';
import { type EndedOpener, endOpenersOf } from '../../people/index.ts';
import { haveOtherBirthDates } from '../same-person.ts';
import { type Author, type MergeDeps, type NotDone, recordEvent, renewDemographics } from './merge-deps.ts';
import { tellPeople } from './tell-people.ts';

export interface MergeAsked {
  readonly practiceId: PracticeId;
  /** Patient whose record ends. */
  readonly patientId: string;
  /** Patient whose record remains. If that record was merged itself, the record that contains it remains. */
  readonly into: string;
  readonly said: MergeSaid;
  readonly source: string | undefined;
  readonly author: Author;
  /** Whether to merge despite different birth dates. */
  readonly evenSo?: boolean;
}

export interface Merged {
  readonly done: boolean;
  /** Patient whose record remains. */
  readonly into: string;
  /** Number of resources that were moved, including the Patient. */
  readonly resources: number;
  /** Accounts that lost access to the record that ended. The merge gives them no access to the remaining record. */
  readonly ended: readonly EndedOpener[];
  /**
   * Number of connections to the remaining record that ended because the same person had connected the same app to both
   * records. The app has to request access again.
   */
  readonly askAgain: number;
  /** Whether an operator confirmed a merge that only feeds had requested before. */
  readonly confirmed?: boolean;
}

/** Reason stored with access that ends; patients and staff read it. */
export const MERGED = 'the practice joined this record with another of the same patient';

/**
 * Merges two records of one patient at a practice: the first becomes part of the second. Nobody gains access by it.
 * Accounts that could open the ending record can't open the remaining one, and the access of their apps ends. Merging
 * again changes nothing, except that an operator's confirmation makes a merge requested by feeds the operator's own, so
 * that no feed can undo it.
 * @returns the result, or the reason why the records can't be merged
 */
export async function mergePatients(deps: MergeDeps, request: MergeAsked): Promise<Merged | NotDone> {
  const { tx } = deps;
  await lockPractice(tx, request.practiceId);
  const records = await placesOf(tx, request);
  if ('refused' in records) return records;
  if (records.record.state === 'active') return merge(deps, request, records);
  const unchanged = { done: false, into: records.into.patientId, resources: 0, ended: [], askAgain: 0 };
  return request.said === 'operator' ? { ...unchanged, confirmed: await confirm(deps, request, records) } : unchanged;
}

interface Places {
  readonly record: RecordState;
  /** The record as named in the request, which may be part of the remaining record. */
  readonly named: RecordState;
  readonly into: RecordState;
}

/** Makes a merge that feeds requested the operator's own. @returns whether only feeds had requested it until now */
async function confirm({ tx, audit }: MergeDeps, { author }: MergeAsked, { record, named }: Places): Promise<boolean> {
  const confirmed = await saidByOperator(tx, record.recordId, named.recordId);
  const detail = { action: 'merge-confirmed', said: 'operator' };
  await audit.recordAllWithin(
    tx,
    confirmed.map(({ mergeId, recordId }) => recordEvent(author, { recordId }, { ...detail, merge: mergeId })),
  );
  return confirmed.length > 0;
}

async function placesOf(tx: Executor, request: MergeAsked): Promise<Places | NotDone> {
  const { practiceId, patientId, evenSo = false } = request;
  const record = await recordState(tx, practiceId, patientId);
  const target = await recordState(tx, practiceId, request.into);
  if (record === undefined || target === undefined) return { refused: UNKNOWN };
  const [currentRecord, into] = [await remaining(tx, record), await remaining(tx, target)];
  if (currentRecord.state !== 'active' || into.state !== 'active') return { refused: ERASED };
  if (record.state === 'merged')
    return currentRecord.recordId === into.recordId ? { record, named: target, into } : { refused: OF_ANOTHER };
  if (record.recordId === into.recordId) return { refused: ITSELF };
  if (!evenSo && haveOtherBirthDates(await patientOf(tx, record), await patientOf(tx, into)))
    return { refused: BORN_APART };
  return { record, named: target, into };
}

const patientOf = (tx: Executor, { recordId, patientId }: RecordState): Promise<unknown> =>
  readStored(tx, recordId, { type: 'Patient', id: patientId });

export const UNKNOWN = 'One of the two Patients is not known at this practice.';
const ERASED = 'One of the two records was erased.';
const OF_ANOTHER = 'The record was merged into a third one: undo that first.';
const ITSELF = 'Both are the same record: the other one was merged into this one, or is this one.';
const BORN_APART =
  'The two Patients have different dates of birth. Correct one of them first, or have the practice merge them by command (record merge … --even-so).';

/** Reason why the records can't be merged; undefined when they can be or are merged. */
export async function mergeFault(tx: Executor, request: MergeAsked): Promise<string | undefined> {
  const records = await placesOf(tx, request);
  return 'refused' in records ? records.refused : undefined;
}

async function merge(
  deps: MergeDeps,
  request: MergeAsked,
  { record, into }: Pick<Places, 'record' | 'into'>,
): Promise<Merged> {
  const { tx, random, clock, projections, audit, people } = deps;
  const { practiceId, said, source, author } = request;
  const mergeId = random.uuid();
  const { resources, at } = await mergeRecords(tx, { mergeId, record, into, said, source, clock, projections });
  const { recordId } = record;
  const ended = await endOpenersOf(tx, { recordId, at, reason: MERGED });
  const access = await endAccess(tx, at, { record, into });
  await renewDemographics(tx, practiceId, into);
  await tellPeople(tx, people, ended, { became: 'accessJoined', recordId, at });
  const about = { merge: mergeId, said };
  await audit.recordAllWithin(tx, [
    recordEvent(author, { recordId, resources }, { action: 'merged', ...about }),
    recordEvent(author, { recordId: into.recordId, resources }, { action: 'merge', ...about }),
    ...ended.map(({ accountId }) =>
      recordEvent(author, { recordId, accountId }, { action: 'end-access', for: 'merge', merge: mergeId }),
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
 * Ends all app access to the record that ends. Also ends access to the remaining record where the same person had
 * connected the same app to both, because neither consent was given for the merged record. The app has to request
 * access again.
 * @returns the ended access: account, app and record
 */
async function endAccess(tx: Executor, at: Date, { record, into }: Pick<Places, 'record' | 'into'>) {
  const endedGrants = await endAccessOn(tx, at, { recordId: record.recordId, reason: MERGED });
  const ended = endedGrants.map((one) => ({ ...one, recordId: record.recordId }));
  for (const one of endedGrants) {
    const other = { ...one, recordId: into.recordId };
    if (await endAccessOfApp(tx, at, { ...other, reason: MERGED })) ended.push(other);
  }
  return ended;
}
