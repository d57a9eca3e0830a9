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
  /** Resources of one record, by their stored ids. */
  readonly resources: readonly ResourceKey[];
  /** Patient to whom the resources belong; undefined when they belong to no patient here. */
  readonly to: string | undefined;
  readonly author: Author;
  /** Names of a type in all FHIR versions, as the audit log may contain them. */
  namesOf(type: string): readonly string[];
}

export interface RetractDone {
  readonly done: boolean;
  /** Patient whose record contained the resources. */
  readonly patientId: string | undefined;
  readonly resources: readonly ResourceKey[];
  /** Resources that remain in that record and refer to a retracted one. */
  readonly referring: readonly ResourceKey[];
  /** When the first of the resources was stored in that record. */
  readonly since: Date | undefined;
  /** Everyone who read that record while it contained the resources. */
  readonly readers: readonly RecordReader[];
}

/**
 * Removes resources that were filed under the wrong patient. Nothing of them can be read in that record afterwards, and
 * they are added to the right record as new resources. Retracting them again changes nothing.
 * @returns the result, or the reason why nothing was done
 */
export async function retractFromPatient(deps: MergeDeps, request: RetractAsked): Promise<RetractDone | NotDone> {
  const { tx } = deps;
  await lockPractice(tx, request.practiceId);
  const records = await placeOf(tx, request);
  if ('refused' in records) return records;
  return 'from' in records ? retract(deps, request, records) : NOTHING;
}

const NOTHING: RetractDone = {
  done: false,
  patientId: undefined,
  resources: [],
  referring: [],
  since: undefined,
  readers: [],
};

/**
 * Lifts a mistaken retraction, so that the record accepts the resources again when their source resends them.
 * @returns number of lifted retractions
 */
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

async function placeOf(tx: Executor, request: RetractAsked): Promise<Places | NotDone | { readonly unchanged: true }> {
  const { practiceId, resources } = request;
  const to = request.to === undefined ? undefined : await activeRecord(tx, practiceId, request.to);
  if (request.to !== undefined && to === undefined) return { refused: NO_TARGET };
  if (resources.some(({ type }) => type === 'Patient')) return { refused: A_PATIENT };
  if (resources.some(({ type }) => isCarried(type))) return { refused: CARRIED };
  const stored = await findAtPractice(tx, practiceId, resources);
  const found = resources.map(({ type, id }) => stored.get(`${type}/${id}`));
  const inRecords = found.filter((one) => one?.recordId !== undefined) as readonly (AtPractice & {
    recordId: RecordId;
  })[];
  if (inRecords.length < resources.length) return { refused: NOT_THERE };
  const [recordId, ...others] = [...new Set(inRecords.map((one) => one.recordId))];
  if (recordId === undefined || others.length > 0) return { refused: OF_SEVERAL };
  if (inRecords.every(({ retracted }) => retracted))
    return to === undefined ? { unchanged: true } : { refused: SEALED };
  if (recordId === to?.recordId) return { unchanged: true };
  if (to !== undefined && inRecords.some(({ deleted }) => deleted)) return { refused: DELETED };
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

async function retract(deps: MergeDeps, request: RetractAsked, { from, to }: Places): Promise<RetractDone | NotDone> {
  const { tx, clock, projections, audit } = deps;
  const { author, namesOf } = request;
  const since = await storedSince(tx, from.recordId, request.resources);
  const at = clock.now();
  const stays = await staysOf(tx, from.recordId, request.resources, { from: since ?? at, to: at });
  const done = await retractResources(tx, { from, to, clock, projections }, request.resources);
  if (done === undefined) return { refused: NOT_THERE };
  // The named Patient may have been merged. If that merge is undone, the resources move along.
  if (to !== undefined && request.to !== undefined)
    await (await joinedTo(tx, to.recordId, request.to.toLowerCase())).keep(tx, [...done.resources, ...done.copies]);
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
