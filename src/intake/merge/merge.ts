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
  /** Whose record ends. */
  readonly patientId: string;
  /** Whose record remains; of one that was merged itself, the record that it is part of. */
  readonly into: string;
  readonly said: MergeSaid;
  readonly source: string | undefined;
  readonly author: Author;
  /** Whether two dates of birth are known to be one person's. */
  readonly evenSo?: boolean;
}

export interface Merged {
  readonly done: boolean;
  /** That remains. */
  readonly into: string;
  /** How many resources came, the Patient among them. */
  readonly resources: number;
  /** Who can open neither the record that ended, nor by it the one that remains. */
  readonly ended: readonly EndedOpener[];
  /** How often somebody had let one app see both: it has to ask again. */
  readonly askAgain: number;
  /** They were merged before, as feeds said: now the operator says it too. */
  readonly confirmed?: boolean;
}

/** Of what ends with the record: as people read it. */
export const MERGED = 'the practice joined this record with another of the same patient';

/**
 * Two records of a practice are one person's: one becomes a part of the other. Nobody sees more by it than they were given:
 * whoever could open the record that ends can't open the other by that, and what they let apps see ends. Merging what is
 * merged already changes nothing, but that a merge which the operator says too is the operator's: no feed undoes it.
 */
export async function mergePatients(deps: MergeDeps, asked: MergeAsked): Promise<Merged | NotDone> {
  const { tx } = deps;
  await lockPractice(tx, asked.practiceId);
  const place = await placesOf(tx, asked);
  if ('refused' in place) return place;
  if (place.record.state === 'active') return merge(deps, asked, place);
  const unchanged = { done: false, into: place.into.patientId, resources: 0, ended: [], askAgain: 0 };
  return asked.said === 'operator' ? { ...unchanged, confirmed: await confirm(deps, asked, place) } : unchanged;
}

interface Places {
  readonly record: RecordState;
  /** As it was named: it may be a part of the one that remains. */
  readonly named: RecordState;
  readonly into: RecordState;
}

/** What feeds said the operator says too. @returns whether it was theirs alone until now */
async function confirm({ tx, audit }: MergeDeps, { author }: MergeAsked, { record, named }: Places): Promise<boolean> {
  const confirmed = await saidByOperator(tx, record.recordId, named.recordId);
  const detail = { action: 'merge-confirmed', said: 'operator' };
  await audit.recordAllWithin(
    tx,
    confirmed.map(({ mergeId, recordId }) => recordEvent(author, { recordId }, { ...detail, merge: mergeId })),
  );
  return confirmed.length > 0;
}

async function placesOf(tx: Executor, asked: MergeAsked): Promise<Places | NotDone> {
  const { practiceId, patientId, evenSo = false } = asked;
  const record = await recordState(tx, practiceId, patientId);
  const target = await recordState(tx, practiceId, asked.into);
  if (record === undefined || target === undefined) return { refused: UNKNOWN };
  const [own, into] = [await remaining(tx, record), await remaining(tx, target)];
  if (own.state !== 'active' || into.state !== 'active') return { refused: ERASED };
  if (record.state === 'merged')
    return own.recordId === into.recordId ? { record, named: target, into } : { refused: OF_ANOTHER };
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

/** Why two records can't be merged as they are; undefined: they can, or are. */
export async function mergeFault(tx: Executor, asked: MergeAsked): Promise<string | undefined> {
  const place = await placesOf(tx, asked);
  return 'refused' in place ? place.refused : undefined;
}

async function merge(
  deps: MergeDeps,
  asked: MergeAsked,
  { record, into }: Pick<Places, 'record' | 'into'>,
): Promise<Merged> {
  const { tx, random, clock, projections, audit, people } = deps;
  const { practiceId, said, source, author } = asked;
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
 * All that apps hold of the record that ends. And of the other, what one person let one app see of both: that is two choices
 * about what is one record now, neither was made for it, and so the app has to ask.
 * @returns whose access through which app, to which of the two
 */
async function endAccess(tx: Executor, at: Date, { record, into }: Pick<Places, 'record' | 'into'>) {
  const had = await endAccessOn(tx, at, { recordId: record.recordId, reason: MERGED });
  const ended = had.map((one) => ({ ...one, recordId: record.recordId }));
  for (const one of had) {
    const other = { ...one, recordId: into.recordId };
    if (await endAccessOfApp(tx, at, { ...other, reason: MERGED })) ended.push(other);
  }
  return ended;
}
