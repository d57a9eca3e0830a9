import type { Database } from '../database/index.ts';
import { type Projection, putDirectory, putResources } from '../fhir/index.ts';
import type { Clock, Random, RecordId } from '../kernel/index.ts';
import type { Names } from './names.ts';
import type { Prepared } from './prepare.ts';
import { findRecords, openRecord, writeDemographics } from './records.ts';
import { refuse, type Tally } from './report.ts';

export interface LoadDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly projections: readonly Projection[];
  readonly names: Names;
  readonly tally: Tally;
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
  if (directory.length > 0) await loadDirectory(deps, directory);
  const byPatient = Map.groupBy(
    prepared.filter((one) => one.patient !== undefined),
    (one) => one.patient as string,
  );
  const known = await findRecords(deps.db, deps.names.origin, [...byPatient.keys()]);
  const early: Prepared[] = [];
  for (const [patient, part] of byPatient) {
    const record = known.get(patient);
    if (record?.active === false) refuseAll(deps, part, 'The record of its patient was merged into another or erased.');
    else if (record !== undefined || part.some(isPatient)) await loadRecord(deps, patient, record?.recordId, part);
    else if (expected.has(patient)) early.push(...part);
    else refuseAll(deps, part, UNKNOWN_PATIENT);
  }
  return early;
}

const UNKNOWN_PATIENT = 'Its patient is not known at this practice. Load the Patient first, or together with it.';

function refuseAll({ tally, progressed }: LoadDeps, part: readonly Prepared[], reason: string): void {
  for (const { entry } of part) refuse(tally, entry, reason);
  progressed();
}

const isPatient = ({ store }: Prepared): boolean => store.resource.resourceType === 'Patient';

async function loadDirectory(deps: LoadDeps, part: readonly Prepared[]): Promise<void> {
  const { practiceId } = deps.names.origin;
  const counts = await deps.db.transaction((tx) =>
    putDirectory(
      tx,
      { practiceId, at: deps.clock.now() },
      part.map(({ store }) => store),
    ),
  );
  count(deps, counts);
}

async function loadRecord(
  deps: LoadDeps,
  sourceId: string,
  known: RecordId | undefined,
  part: readonly Prepared[],
): Promise<void> {
  const { names, random, projections } = deps;
  const patient = part.findLast(isPatient)?.store.resource;
  const { recordId, counts } = await deps.db.transaction(async (tx) => {
    const recordId = known ?? (await openRecord(tx, random, names.origin, { sourceId, patientId: patient?.id ?? '' }));
    if (patient !== undefined) await writeDemographics(tx, names.origin, recordId, patient);
    const target = { recordId, at: deps.clock.now(), projections };
    return {
      recordId,
      counts: await putResources(
        tx,
        target,
        part.map(({ store }) => store),
      ),
    };
  });
  deps.tally.records.add(recordId);
  count(deps, counts);
}

function count({ tally, progressed }: LoadDeps, counts: Pick<Tally, 'created' | 'updated' | 'unchanged'>): void {
  tally.created += counts.created;
  tally.updated += counts.updated;
  tally.unchanged += counts.unchanged;
  progressed();
}
