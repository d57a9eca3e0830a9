import type { Database, Executor } from '../database/index.ts';
import {
  dropUnusedMedications,
  lockPractice,
  type Projection,
  putDirectory,
  putResources,
  type ResourceKey,
  readStored,
  storedElsewhere,
} from '../fhir/index.ts';
import { type Clock, isUuid, type Random, type RecordId } from '../kernel/index.ts';
import { listOf, textAt } from './json-value.ts';
import type { Origin } from './names.ts';
import type { Prepared } from './prepare.ts';
import { findRecords, openRecord, writeDemographics } from './records.ts';
import { refuse, type Tally } from './report.ts';
import { areStrangers } from './same-person.ts';
import { PartRefused, reasonOf } from './unstorable.ts';

export interface LoadDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly projections: readonly Projection[];
  readonly origin: Origin;
  readonly tally: Tally;
  /** Whether what another source brought is not to be touched: see `Writer`. */
  readonly ownOnly?: boolean;
  /** Patients of this input by the source's ids: whether they were stored, the last time one came. */
  readonly stored: Map<string, boolean>;
  /** Called after each transaction. */
  progressed(): void;
}

/**
 * Stores prepared resources: the directory first, then record by record, each record's part in one transaction, so that
 * a record is never seen half loaded.
 * @param expected patients who come later in this input; what is about them is handed back
 */
export async function load(
  deps: LoadDeps,
  prepared: readonly Prepared[],
  expected: ReadonlySet<string> = new Set(),
): Promise<readonly Prepared[]> {
  const directory = prepared.filter((one) => one.patient === undefined);
  if (directory.length > 0) await orRefuse(deps, directory, () => loadDirectory(deps, directory));
  const byPatient = Map.groupBy(
    prepared.filter((one) => one.patient !== undefined),
    (one) => one.patient as string,
  );
  const known = await findRecords(deps.db, deps.origin, [...byPatient.keys()]);
  const early: Prepared[] = [];
  for (const [patient, part] of byPatient) {
    const record = known.get(patient);
    const brings = part.some(isPatient);
    if (record?.active === false) refuseAll(deps, part, 'The record of its patient was merged into another or erased.');
    else if (!brings && deps.stored.get(patient) === false) refuseAll(deps, part, REFUSED_PATIENT);
    else if (!brings && expected.has(patient) && !deps.stored.has(patient)) early.push(...part);
    else if (record === undefined && !brings) refuseAll(deps, part, UNKNOWN_PATIENT);
    else {
      const done = await orRefuse(deps, part, () => loadRecord(deps, patient, record?.recordId, part));
      if (brings) deps.stored.set(patient, done);
    }
  }
  return early;
}

export const UNKNOWN_PATIENT =
  'Its patient is not known at this practice. Load the Patient first, or together with it.';
export const REFUSED_PATIENT = 'Its Patient was refused.';

function refuseAll({ tally, progressed }: LoadDeps, part: readonly Prepared[], reason: string): void {
  for (const { entry } of part) refuse(tally, entry, reason);
  progressed();
}

/** What can't be stored is refused, and the rest goes on. @returns whether it was stored */
async function orRefuse(deps: LoadDeps, part: readonly Prepared[], store: () => Promise<void>): Promise<boolean> {
  try {
    await store();
    return true;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    refuseAll(deps, part, reason);
    return false;
  }
}

const isPatient = ({ store }: Prepared): boolean => store.resource.resourceType === 'Patient';

async function loadDirectory(deps: LoadDeps, part: readonly Prepared[]): Promise<void> {
  const { practiceId, source } = deps.origin;
  const target = { practiceId, source, clock: deps.clock, ownOnly: deps.ownOnly, projections: deps.projections };
  const resources = part.map(({ store }) => store);
  const counts = await deps.db.transaction((tx) => putDirectory(tx, target, resources));
  count(deps, counts);
}

async function loadRecord(
  deps: LoadDeps,
  sourceId: string,
  known: RecordId | undefined,
  part: readonly Prepared[],
): Promise<void> {
  const { origin, random, clock, projections, ownOnly } = deps;
  const patient = part.findLast(isPatient)?.store.resource;
  const { recordId, moved, counts, copies } = await deps.db.transaction(async (tx) => {
    await lockPractice(tx, origin.practiceId);
    const recordId = known ?? (await openRecord(tx, random, origin, { sourceId, patientId: patient?.id ?? '' }));
    await refuseStrangers(tx, recordId, sourceId, part.filter(isPatient));
    if (patient !== undefined) await writeDemographics(tx, origin, recordId, patient);
    const moved = await movedOf(tx, origin, recordId, part);
    const kept = part.filter((one) => !moved.has(one));
    const target = { recordId, source: origin.source, ownOnly, clock, projections };
    const stores = kept.map(({ store }) => store);
    const counts = await putResources(tx, target, stores);
    return { recordId, moved, counts, copies: await putMedications(tx, target, kept, counts) };
  });
  for (const one of moved) refuse(deps.tally, one.entry, isProvenance(one) ? MOVED_TARGET : MOVED);
  deps.tally.records.add(recordId);
  deps.tally.copies += copies.created + copies.updated;
  count(deps, {
    created: counts.created + copies.created,
    updated: counts.updated + copies.updated,
    unchanged: counts.unchanged,
  });
}

const NONE: Counts = { created: 0, updated: 0, unchanged: 0 };

/** The Medications of what was stored; those that nothing refers to any more leave the record. */
async function putMedications(
  tx: Executor,
  target: Parameters<typeof putResources>[1],
  part: readonly Prepared[],
  { updated }: Counts,
): Promise<Counts> {
  const copies = part.flatMap(({ medications = [] }) => medications.map((resource) => ({ resource })));
  const counts = copies.length === 0 ? NONE : await putResources(tx, target, copies);
  if (updated + counts.updated > 0) await dropUnusedMedications(tx, target.recordId);
  return counts;
}

/** One person's data must not go on in another's record because two systems count their patients alike. */
async function refuseStrangers(
  tx: Executor,
  recordId: RecordId,
  sourceId: string,
  patients: readonly Prepared[],
): Promise<void> {
  const [first] = patients;
  if (first === undefined) return;
  let before: unknown = await readStored(tx, recordId, { type: 'Patient', id: first.store.resource.id });
  for (const { store } of patients) {
    if (before !== undefined && areStrangers(before, store.resource)) throw new PartRefused(strangerReason(sourceId));
    before = store.resource;
  }
}

const strangerReason = (sourceId: string): string =>
  isUuid(sourceId)
    ? 'Another person has this Patient id, with other identifiers and another date of birth.'
    : 'Another person has this Patient id from this source, with other identifiers and another date of birth. If the file comes from another system, load it with --source and a name for that system.';

const MOVED =
  'Another patient’s record has it: a resource is never moved from one to another. Correct it at the source, under an id of its own.';
const MOVED_TARGET = 'It, or what it tells the origin of, is in another patient’s record.';

/** Those that are in another record of the practice, and the Provenance of such. */
async function movedOf(
  tx: Executor,
  { practiceId }: Origin,
  recordId: RecordId,
  part: readonly Prepared[],
): Promise<ReadonlySet<Prepared>> {
  const keys = part.map((one) => [one, keysOf(one)] as const);
  const all = keys.flatMap(([, own]) => own);
  const elsewhere = await storedElsewhere(tx, { practiceId, recordId }, all);
  return new Set(
    keys.filter(([, own]) => own.some(({ type, id }) => elsewhere.has(`${type}/${id}`))).map(([one]) => one),
  );
}

const isProvenance = ({ store }: Prepared): boolean => store.resource.resourceType === 'Provenance';

function keysOf(one: Prepared): readonly ResourceKey[] {
  const { resourceType: type, id } = one.store.resource;
  const targets = isProvenance(one) ? listOf(one.store.resource, 'target') : [];
  return [
    { type, id },
    ...targets.flatMap((target) => {
      const [targetType = '', targetId = ''] = (textAt(target, 'reference') ?? '').split('/');
      return isUuid(targetId) ? [{ type: targetType, id: targetId.toLowerCase() }] : [];
    }),
  ];
}

type Counts = Pick<Tally, 'created' | 'updated' | 'unchanged'>;

function count({ tally, progressed }: LoadDeps, counts: Counts): void {
  tally.created += counts.created;
  tally.updated += counts.updated;
  tally.unchanged += counts.unchanged;
  progressed();
}
