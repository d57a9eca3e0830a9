import type { Database } from '../database/index.ts';
import { type Projection, parseJson } from '../fhir/index.ts';
import type { Clock, PracticeId, Random } from '../kernel/index.ts';
import { type Carried, carriedIn, isCarried } from './carried.ts';
import { inTime } from './durable.ts';
import { type Entry, entriesOfLines, readBundleFile } from './entry.ts';
import { type Homes, noHomes } from './home.ts';
import type { IntakeFile } from './input.ts';
import { textAt } from './json-value.ts';
import type { Names } from './names.ts';
import { type Prepared, prepare, type Surroundings } from './prepare.ts';
import { readAhead } from './read-ahead.ts';
import { handled, type IntakeReport, newTally, refuse, reportOf, skip } from './report.ts';
import { type Phase, phaseOf, type Scan, type Scanned, scanFiles } from './scan.ts';
import { findPatients, patientsToFind, withPatientsAsked } from './subjects.ts';
import { loadTransaction, loadWaiting, type Transaction } from './transaction.ts';
import { loadValidated as load, type ValidatedLoadDeps } from './validate/load-validated.ts';
import type { Validation } from './validate/validation.ts';

export interface IntakeOptions {
  readonly practiceId: PracticeId;
  /**
   * Name of the source that the ids belong to. Importing from the same source again updates its resources; another
   * source adds its own.
   */
  readonly source: string;
  /** This server's base URL for R4; see `SourceOrigin` for the default. */
  readonly base?: string | undefined;
  readonly projections: readonly Projection[];
  readonly clock: Clock;
  readonly random: Random;
  /** undefined: resources are not validated. */
  readonly validation?: Validation | undefined;
  /** @param there number of processed resources that existed already and are unchanged */
  readonly onProgress?: (done: number, all: number, there: number) => void;
}

/**
 * Imports R4 Bundles and NDJSON files. New and changed resources are stored; the rest is left as it is. All files are
 * processed together because they refer to each other. They are first scanned for names. Then patients and the
 * directory are stored, then the resources about patients, and Provenance last, because its record depends on its
 * targets. A Bundle of type transaction is stored completely or not at all.
 * @returns counts and rejected entries
 */
export async function intake(
  db: Database,
  options: IntakeOptions,
  files: readonly IntakeFile[],
): Promise<IntakeReport> {
  const { practiceId, source, base } = options;
  const scan = await scanFiles(files, { practiceId, source, base });
  const tally = newTally();
  const notifier = inTime<readonly [number, number]>(db, ([done, there]) =>
    options.onProgress?.(done, scan.count, there),
  );
  const progressed = () => notifier.say([handled(tally), tally.unchanged]);
  const medications = await medicationsOnLines(scan);
  const compartments = homesFor(scan);
  const copies: Surroundings['copies'] = compartments && new Map();
  const context: Surroundings = { names: scan.names, homes: compartments, copies, carried: carriedIn(medications) };
  const work: Work = {
    ...options,
    db,
    tally,
    progressed,
    origin: scan.names.origin,
    stored: new Map(),
    around: context,
    asked: new Set(),
    ready: 'ahead',
  };
  const deferred: Prepared[] = [];
  const deferredTransactions: Transaction[] = [];
  await readAhead(partsOf(work, scan), ONE_AHEAD, async (parts) => {
    for (const part of parts) {
      if (part === 'what waits') {
        await loadWaiting(work, deferredTransactions.splice(0), scan.patients);
        await load(work, deferred.splice(0));
      } else if ('carried' in part) {
        if ((await loadTransaction(work, part, scan.patients)) === 'waits') deferredTransactions.push(part);
      } else deferred.push(...(await load(work, part.prepared, part.expected)));
    }
  });
  countCarried(work, medications, context.carried);
  progressed();
  await notifier.end();
  return reportOf(tally);
}

/**
 * @property around context for lines; a Bundle has its own names and Binaries in addition
 * @property asked patient identifiers that have been looked up at the practice
 */
type Work = ValidatedLoadDeps & { readonly around: Surroundings; readonly asked: Set<string> };

/**
 * Compartments are only recorded if there is Provenance, since nothing else asks for them. This saves memory in imports
 * of millions of resources.
 */
const homesFor = ({ files }: Scan): Homes | undefined =>
  files.some(({ phases }) => phases.has('provenance')) ? noHomes() : undefined;

interface Resources {
  readonly prepared: readonly Prepared[];
  /** Pending patients, who may come later in the input. */
  readonly expected?: ReadonlySet<string>;
}
/** A unit of loading. `what waits` loads the resources that came before their patients, who exist by now. */
type Part = Resources | Transaction | 'what waits';
/** One part is read while another is loaded. */
const ONE_AHEAD = { room: 1, atOnce: 1, sizeOf: () => 1 };

async function* partsOf(work: Work, scan: Scan): AsyncIterable<Part> {
  yield* chunksOf(work, scan, 'patients');
  for (const scanned of scan.files.filter(({ form }) => form === 'bundle'))
    yield await bundleOf(work, scanned, scan.patients);
  yield 'what waits';
  yield* chunksOf(work, scan, 'details');
  yield* chunksOf(work, scan, 'provenance');
}

/** In characters. Parsed, a chunk of this size needs several times as much memory. */
const CHUNK = 8 * 1024 * 1024;

async function* chunksOf(work: Work, scan: Scan, phase: Phase): AsyncIterable<Part> {
  let prepared: Prepared[] = [];
  let size = 0;
  for (const scanned of scan.files) {
    for await (const line of linesOfPhase(scanned, phase)) {
      const entry = withPatients(line);
      const unresolved = patientsToFind(work.around.names, entry.value);
      if (unresolved.length > 0) await findPatients(work.db, work.around.names, unresolved, work.asked);
      prepared.push(...prepareAll(work, [entry], work.around));
      size += line.size;
      if (size <= CHUNK) continue;
      yield { prepared };
      prepared = [];
      size = 0;
    }
  }
  if (prepared.length > 0) yield { prepared };
}

async function* linesOfPhase(scanned: Scanned, phase: Phase): ReturnType<typeof entriesOfLines> {
  const { file, form, phases, phaseAt } = scanned;
  if (form !== 'lines' || !phases.has(phase)) return;
  yield* entriesOfLines(file, parseJson, (line) => phaseAt(line) === phase);
}

/**
 * Reads the Medications of NDJSON files. Binaries are not collected, since each line is read independently and their
 * bytes would fill the memory.
 */
async function medicationsOnLines({ files }: Scan): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for (const scanned of files) {
    for await (const entry of linesOfPhase(scanned, 'medications')) found.push(entry);
  }
  return found;
}

async function bundleOf(
  work: Work,
  { file, names: referenceMap }: Scanned,
  expected: ReadonlySet<string>,
): Promise<Resources | Transaction> {
  const { entries: read, isTransaction } = await readBundleFile(file, parseJson);
  const entries = read.map(withPatients);
  for (const { value } of entries)
    await findPatients(work.db, referenceMap, patientsToFind(referenceMap, value), work.asked);
  if (!isTransaction) return { prepared: prepareBundle(work, entries, referenceMap, work.around.carried), expected };
  const tally = newTally();
  const inlined = { ...work.around.carried, taken: new Set<unknown>() };
  const prepared = prepareBundle({ ...work, tally }, entries, referenceMap, inlined);
  return { file: file.name, prepared, tally, carried: inlined.taken };
}

function prepareBundle(
  work: Pick<Work, 'tally' | 'around'>,
  entries: readonly Entry[],
  referenceMap: Names,
  context: Carried,
): readonly Prepared[] {
  const inlined = carriedIn(entries, context);
  const inlinedEntries = entries.filter(isApart);
  const otherEntries = entries.filter((entry) => !isApart(entry));
  const inOrder = [
    ...otherEntries.filter(({ value }) => phaseOf(value) !== 'provenance'),
    ...otherEntries.filter(({ value }) => phaseOf(value) === 'provenance'),
  ];
  const prepared = prepareAll(work, inOrder, { ...work.around, names: referenceMap, carried: inlined });
  countCarried(work, inlinedEntries, inlined);
  return prepared;
}

function withPatients(entry: Entry): Entry {
  const value = withPatientsAsked(entry.value);
  return value === entry.value ? entry : { ...entry, value };
}

const isApart = ({ value }: Entry): boolean => isCarried(textAt(value, 'resourceType'));

function prepareAll(work: Pick<Work, 'tally'>, entries: readonly Entry[], context: Surroundings): readonly Prepared[] {
  return entries.flatMap((entry) => {
    const preparation = prepare(entry, context);
    if ('refused' in preparation) refuse(work.tally, entry, preparation.refused);
    else if ('skipped' in preparation) skip(work.tally, preparation.skipped);
    else return [preparation];
    return [];
  });
}

const NOT_REFERRED_TO =
  'Nothing in this input refers to it: a Medication is kept in the records of those whose medicine it is. Load it together with what refers to it.';

/** Counts inlined resources that were used as imported, and rejects or skips the others. */
function countCarried({ tally }: Pick<Work, 'tally'>, entries: readonly Entry[], { taken }: Carried): void {
  for (const entry of entries) {
    if (entry.fault !== undefined) refuse(tally, entry, entry.fault);
    else if (taken.has(entry.value)) tally.carried += 1;
    else if (textAt(entry.value, 'resourceType') === 'Medication') refuse(tally, entry, NOT_REFERRED_TO);
    else skip(tally, textAt(entry.value, 'resourceType') ?? '');
  }
}
