import { type RecordReader, readersBetween } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  type AtPractice,
  findAtPractice,
  liftRetraction,
  lockPractice,
  patientOfRecord,
  type RecordState,
  type ResourceKey,
  recordState,
  remaining,
  retractResources,
  storedSince,
} from '../../fhir/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { isCarried } from '../carried.ts';
import { joinedTo } from '../joined.ts';
import { type Author, type MergeDeps, type NotDone, recordEvent } from './merge-deps.ts';
import { staysOf } from './stays.ts';

export interface RetractAsked {
  readonly practiceId: PracticeId;
  /** All in one record: by their ids here. */
  readonly resources: readonly ResourceKey[];
  /** Patient whose they are; undefined: nobody's here. */
  readonly to: string | undefined;
  readonly author: Author;
  /** Names that a type has in the versions of FHIR, for the log. */
  namesOf(type: string): readonly string[];
}

export interface RetractDone {
  readonly done: boolean;
  /** Whose record they were in. */
  readonly patientId: string | undefined;
  readonly resources: readonly ResourceKey[];
  /** What stays there and refers to one of them. */
  readonly referring: readonly ResourceKey[];
  /** When the first of them came there. */
  readonly since: Date | undefined;
  /** Who read that record meanwhile. */
  readonly readers: readonly RecordReader[];
}

/**
 * What was filed under the wrong patient leaves that record, where nothing of it can be read any more, and enters the right
 * one as new. What was retracted so already changes nothing.
 */
export async function retractFromPatient(deps: MergeDeps, asked: RetractAsked): Promise<RetractDone | NotDone> {
  const { tx } = deps;
  await lockPractice(tx, asked.practiceId);
  const place = await placeOf(tx, asked);
  if ('refused' in place) return place;
  return 'from' in place ? retract(deps, asked, place) : NOTHING;
}

const NOTHING: RetractDone = {
  done: false,
  patientId: undefined,
  resources: [],
  referring: [],
  since: undefined,
  readers: [],
};

/** The record may have what was retracted from it, when its source sends it again: the retraction was wrong. */
export async function liftFromPatient(
  { tx, audit }: MergeDeps,
  { practiceId, author, resources }: Pick<RetractAsked, 'practiceId' | 'author' | 'resources'>,
): Promise<number> {
  await lockPractice(tx, practiceId);
  let lifted = 0;
  for (const key of resources) if (await liftRetraction(tx, practiceId, key)) lifted += 1;
  if (lifted > 0)
    await audit.recordAllWithin(tx, [
      recordEvent(author, { resources: lifted }, { action: 'lift', practice: practiceId }),
    ]);
  return lifted;
}

interface Places {
  readonly from: RecordState;
  readonly to: RecordState | undefined;
}

async function placeOf(tx: Executor, asked: RetractAsked): Promise<Places | NotDone | { readonly unchanged: true }> {
  const { practiceId, resources } = asked;
  const to = asked.to === undefined ? undefined : await activeRecord(tx, practiceId, asked.to);
  if (asked.to !== undefined && to === undefined) return { refused: NO_TARGET };
  if (resources.some(({ type }) => type === 'Patient')) return { refused: A_PATIENT };
  if (resources.some(({ type }) => isCarried(type))) return { refused: CARRIED };
  const there = await findAtPractice(tx, practiceId, resources);
  const found = resources.map(({ type, id }) => there.get(`${type}/${id}`));
  const held = found.filter((one) => one?.recordId !== undefined) as readonly (AtPractice & { recordId: RecordId })[];
  if (held.length < resources.length) return { refused: NOT_THERE };
  const [recordId, ...others] = [...new Set(held.map((one) => one.recordId))];
  if (recordId === undefined || others.length > 0) return { refused: OF_SEVERAL };
  if (held.every(({ retracted }) => retracted)) return to === undefined ? { unchanged: true } : { refused: SEALED };
  if (recordId === to?.recordId) return { unchanged: true };
  if (to !== undefined && held.some(({ deleted }) => deleted)) return { refused: DELETED };
  const patientId = await patientOfRecord(tx, recordId);
  return { from: { recordId, patientId, state: 'active', mergedInto: undefined }, to };
}

async function activeRecord(tx: Executor, practiceId: PracticeId, patientId: string): Promise<RecordState | undefined> {
  const named = await recordState(tx, practiceId, patientId);
  const record = named === undefined ? undefined : await remaining(tx, named);
  return record?.state === 'active' ? record : undefined;
}

const NO_TARGET = 'The Patient that they are to go to is not known at this practice.';
const A_PATIENT = 'A Patient is the record itself. Records of one person are merged: record merge.';
const CARRIED = 'It goes along with what refers to it: name that.';
const NOT_THERE = 'One of them is in no record of this practice.';
const OF_SEVERAL = 'They are in the records of several patients: name those of one at a time.';
const SEALED = 'It was retracted before, and nothing of it is left here: its source has to send it again.';
const DELETED =
  'One of them was deleted, and can’t be put into another record: leave out --to to have its versions removed.';

async function retract(deps: MergeDeps, asked: RetractAsked, { from, to }: Places): Promise<RetractDone | NotDone> {
  const { tx, clock, projections, audit } = deps;
  const { author, namesOf } = asked;
  const since = await storedSince(tx, from.recordId, asked.resources);
  const at = clock.now();
  const stays = await staysOf(tx, from.recordId, asked.resources, { from: since ?? at, to: at });
  const done = await retractResources(tx, { from, to, clock, projections }, asked.resources);
  if (done === undefined) return { refused: NOT_THERE };
  // Who was named may have been merged: undone, it goes along.
  if (to !== undefined && asked.to !== undefined)
    await (await joinedTo(tx, to.recordId, asked.to.toLowerCase())).keep(tx, [...done.resources, ...done.copies]);
  const resources = done.resources.length;
  await audit.recordAllWithin(tx, [
    recordEvent(author, { recordId: from.recordId, resources }, { action: 'retracted' }),
    ...(to === undefined ? [] : [recordEvent(author, { recordId: to.recordId, resources }, { action: 'filed' })]),
  ]);
  const types = [...new Set(done.resources.flatMap(({ type }) => namesOf(type)))];
  const readers = await readersBetween(tx, { stays, types });
  return {
    done: true,
    patientId: from.patientId,
    resources: done.resources,
    referring: done.referring,
    since,
    readers,
  };
}
