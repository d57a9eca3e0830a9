import { type Database, statement } from '../../database/index.ts';
import { type Projection, parseJson } from '../../fhir/index.ts';
import { type Clock, type PracticeId, type Random, textAt } from '../../kernel/index.ts';
import { countProcessed, type ImportReport, newTally, rejectEntry, skipType, toReport } from '../import-report.ts';
import { createFlushNotifier } from '../load/deferred-flush.ts';
import { readAhead } from '../load/read-ahead.ts';
import { type ImportContext, type PreparedResource, prepareEntry } from '../prepare/prepare.ts';
import { type CompartmentMap, newCompartmentMap } from '../references/compartment.ts';
import { collectInlined, type InlinedResources, isInlinedType } from '../references/inlined.ts';
import { addPatientReferences, findUnresolvedPatients, resolvePatients } from '../references/patient-references.ts';
import type { ReferenceMap } from '../references/reference-map.ts';
import { loadValidated as load, type ValidatedLoadDeps } from '../validate/load-validated.ts';
import type { Validation } from '../validate/open-validation.ts';
import { type ImportEntry, readBundleFile, readLineEntries } from './entry.ts';
import { type FileTransaction, loadDeferredTransactions, loadTransaction } from './file-transaction.ts';
import type { ImportFile } from './import-file.ts';
import { findPhase, type ImportPhase, type ScannedFile, type ScanResult, scanFiles } from './scan.ts';

export interface ImportOptions {
  readonly practiceId: PracticeId;
  /**
   * Name of the system that the data comes from. Importing from the same source again updates its resources. Another
   * source adds its own.
   */
  readonly source: string;
  /** Base URL of this server's R4 API. If it is undefined, no absolute reference counts as one to this server. */
  readonly base?: string | undefined;
  readonly projections: readonly Projection[];
  readonly clock: Clock;
  readonly random: Random;
  /** Validation of resources. undefined means that they are not validated. */
  readonly validation?: Validation | undefined;
  /**
   * Called during the import.
   * @param done number of processed resources
   * @param all approximate number of resources in the input
   * @param there number of processed resources that were stored before and have not changed
   */
  readonly onProgress?: (done: number, all: number, there: number) => void;
}

/**
 * Imports R4 Bundles and NDJSON files. New and changed resources are stored; others stay as they are. All files are
 * processed together, because they refer to each other. First, the files are scanned for patients, and for the names
 * (fullUrl or identifier) by which resources refer to each other. Then patients and the directory are stored, then the
 * resources about patients. Provenance comes last, because it belongs to the patient record of its targets. A
 * transaction Bundle is stored completely or not at all.
 * @returns counts and rejected entries
 */
export async function importFiles(
  db: Database,
  options: ImportOptions,
  files: readonly ImportFile[],
): Promise<ImportReport> {
  const { practiceId, source, base } = options;
  const timeZone = await findTimeZone(db, practiceId);
  const scan = await scanFiles(files, { practiceId, source, base }, timeZone);
  const tally = newTally();
  const notifier = createFlushNotifier<readonly [number, number]>(db, ([done, there]) =>
    options.onProgress?.(done, scan.count, there),
  );
  const progressed = () => notifier.notify([countProcessed(tally), tally.unchanged]);
  const medications = await readMedications(scan);
  const compartments = compartmentsFor(scan);
  const copies: ImportContext['copies'] = compartments && new Map();
  const context: ImportContext = {
    names: scan.names,
    homes: compartments,
    copies,
    carried: collectInlined(medications),
  };
  const work: ImportWork = {
    ...options,
    db,
    tally,
    progressed,
    origin: scan.names.origin,
    stored: new Map(),
    around: context,
    lookedUpPatients: new Set(),
    timeZone,
    ready: 'ahead',
  };
  const deferred: PreparedResource[] = [];
  const deferredTransactions: FileTransaction[] = [];
  await readAhead(readUnits(work, scan), ONE_UNIT_AHEAD, async (units) => {
    for (const unit of units) {
      if (unit === 'deferred') {
        await loadDeferredTransactions(work, deferredTransactions.splice(0), scan.patients);
        await load(work, deferred.splice(0));
      } else if ('carried' in unit) {
        if ((await loadTransaction(work, unit, scan.patients)) === 'waits') deferredTransactions.push(unit);
      } else deferred.push(...(await load(work, unit.prepared, unit.expected)));
    }
  });
  countInlined(work, medications, context.carried);
  progressed();
  await notifier.finish();
  return toReport(tally);
}

/**
 * @property around context of NDJSON lines; each Bundle adds names and Binaries of its own
 * @property asked patient identifiers that have been looked up at the practice
 */
type ImportWork = ValidatedLoadDeps & {
  readonly around: ImportContext;
  readonly lookedUpPatients: Set<string>;
  readonly timeZone: string;
};

const timeZoneStatement = statement(
  'intake.practice-time-zone',
  { time_zone: 'text' },
  'select time_zone from practice where practice_id = $1',
);

/** Returns the practice's time zone. C-CDA documents can have times without one. */
async function findTimeZone(db: Database, practiceId: PracticeId): Promise<string> {
  const [practice] = await db.query(timeZoneStatement, [practiceId]);
  return practice?.time_zone ?? 'UTC';
}

/**
 * Returns an empty map for the patient of each resource if the input contains Provenance. Otherwise it returns
 * undefined, because nothing else needs the map. This saves memory in imports of millions of resources.
 */
const compartmentsFor = ({ files }: ScanResult): CompartmentMap | undefined =>
  files.some(({ phases }) => phases.has('provenance')) ? newCompartmentMap() : undefined;

interface ImportResources {
  readonly prepared: readonly PreparedResource[];
  /** Patients whose Patient resource may come later in the input. */
  readonly expected?: ReadonlySet<string>;
}
/**
 * Input that is loaded at once: a list of resources, a transaction Bundle, or the marker `deferred`. The marker comes
 * after all Patients. It means that resources which were read before their Patient are loaded now.
 */
type ImportUnit = ImportResources | FileTransaction | 'deferred';
/** Limits for reading ahead: while one chunk of NDJSON or one Bundle is loaded, only the next one is read. */
const ONE_UNIT_AHEAD = { room: 1, atOnce: 1, sizeOf: () => 1 };

async function* readUnits(work: ImportWork, scan: ScanResult): AsyncIterable<ImportUnit> {
  yield* readChunks(work, scan, 'patients');
  for (const scanned of scan.files.filter(({ form }) => form === 'bundle'))
    yield await readBundleUnit(work, scanned, scan.patients);
  yield 'deferred';
  yield* readChunks(work, scan, 'details');
  yield* readChunks(work, scan, 'provenance');
}

/**
 * Number of characters of NDJSON that are loaded at once. The parsed resources need several times as much memory as
 * their text.
 */
const CHUNK_LENGTH = 8 * 1024 * 1024;

async function* readChunks(work: ImportWork, scan: ScanResult, phase: ImportPhase): AsyncIterable<ImportUnit> {
  let prepared: PreparedResource[] = [];
  let size = 0;
  for (const scanned of scan.files) {
    for await (const line of readPhaseLines(scanned, phase)) {
      const entry = addEntryPatientReferences(line);
      const unresolved = findUnresolvedPatients(work.around.names, entry.value);
      if (unresolved.length > 0) await resolvePatients(work.db, work.around.names, unresolved, work.lookedUpPatients);
      prepared.push(...prepareAll(work, [entry], work.around));
      size += line.size;
      if (size <= CHUNK_LENGTH) continue;
      yield { prepared };
      prepared = [];
      size = 0;
    }
  }
  if (prepared.length > 0) yield { prepared };
}

async function* readPhaseLines(scanned: ScannedFile, phase: ImportPhase): ReturnType<typeof readLineEntries> {
  const { file, form, phases, phaseAt } = scanned;
  if (form !== 'lines' || !phases.has(phase)) return;
  yield* readLineEntries(file, parseJson, (line) => phaseAt(line) === phase);
}

/**
 * Reads the Medications of NDJSON files. They are stored with the resources that refer to them. Binaries in NDJSON are
 * not read, because all of their bytes would have to be in memory.
 */
async function readMedications({ files }: ScanResult): Promise<readonly ImportEntry[]> {
  const found: ImportEntry[] = [];
  for (const scanned of files) {
    for await (const entry of readPhaseLines(scanned, 'medications')) found.push(entry);
  }
  return found;
}

async function readBundleUnit(
  work: ImportWork,
  { file, names: referenceMap }: ScannedFile,
  expected: ReadonlySet<string>,
): Promise<ImportResources | FileTransaction> {
  const { entries: read, isTransaction } = await readBundleFile(file, parseJson, work.timeZone);
  const entries = read.map(addEntryPatientReferences);
  for (const { value } of entries)
    await resolvePatients(work.db, referenceMap, findUnresolvedPatients(referenceMap, value), work.lookedUpPatients);
  if (!isTransaction) return { prepared: prepareBundle(work, entries, referenceMap, work.around.carried), expected };
  const tally = newTally();
  const inlined = { ...work.around.carried, stored: new Set<unknown>() };
  const prepared = prepareBundle({ ...work, tally }, entries, referenceMap, inlined);
  return { file: file.name, prepared, tally, carried: inlined.stored };
}

function prepareBundle(
  work: Pick<ImportWork, 'tally' | 'around'>,
  entries: readonly ImportEntry[],
  referenceMap: ReferenceMap,
  context: InlinedResources,
): readonly PreparedResource[] {
  const inlined = collectInlined(entries, context);
  const inlinedEntries = entries.filter(isInlinedEntry);
  const otherEntries = entries.filter((entry) => !isInlinedEntry(entry));
  const inOrder = [
    ...otherEntries.filter(({ value }) => findPhase(value) !== 'provenance'),
    ...otherEntries.filter(({ value }) => findPhase(value) === 'provenance'),
  ];
  const prepared = prepareAll(work, inOrder, { ...work.around, names: referenceMap, carried: inlined });
  countInlined(work, inlinedEntries, inlined);
  return prepared;
}

function addEntryPatientReferences(entry: ImportEntry): ImportEntry {
  const value = addPatientReferences(entry.value);
  return value === entry.value ? entry : { ...entry, value };
}

const isInlinedEntry = ({ value }: ImportEntry): boolean => isInlinedType(textAt(value, 'resourceType'));

function prepareAll(
  work: Pick<ImportWork, 'tally'>,
  entries: readonly ImportEntry[],
  context: ImportContext,
): readonly PreparedResource[] {
  return entries.flatMap((entry) => {
    const preparation = prepareEntry(entry, context);
    if ('refused' in preparation) rejectEntry(work.tally, entry, preparation.refused);
    else if ('skipped' in preparation) skipType(work.tally, preparation.skipped);
    else return [preparation];
    return [];
  });
}

const NOT_REFERRED_TO =
  'Nothing in this input refers to this Medication. Medications are stored in the patient records that refer to them. Load it together with the resources that refer to it.';

/**
 * Counts the Binaries and Medications that were stored with the resources that refer to them, and rejects or skips the
 * others.
 */
function countInlined(
  { tally }: Pick<ImportWork, 'tally'>,
  entries: readonly ImportEntry[],
  { stored }: InlinedResources,
): void {
  for (const entry of entries) {
    if (entry.error !== undefined) rejectEntry(tally, entry, entry.error);
    else if (stored.has(entry.value)) tally.carried += 1;
    else if (textAt(entry.value, 'resourceType') === 'Medication') rejectEntry(tally, entry, NOT_REFERRED_TO);
    else skipType(tally, textAt(entry.value, 'resourceType') ?? '');
  }
}
