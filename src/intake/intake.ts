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
  /** Whose ids these are: loading from the same source again changes what is there, another source adds. */
  readonly source: string;
  /** This server's own address for R4; default: see `Origin`. */
  readonly base?: string | undefined;
  readonly projections: readonly Projection[];
  readonly clock: Clock;
  readonly random: Random;
  /** undefined: nothing is validated. */
  readonly validation?: Validation | undefined;
  /** @param there how many of those that are done were there already, as they are */
  readonly onProgress?: (done: number, all: number, there: number) => void;
}

/**
 * Loads R4 Bundles and NDJSON: what is new or differs is stored, the rest is left as it is. Files are taken together,
 * since they refer to each other: first all are looked through for names, then patients and the directory are stored,
 * then what is told of them, and Provenance, which has its place by what it is about, last. A Bundle of type transaction is
 * stored whole or not at all.
 */
export async function intake(
  db: Database,
  options: IntakeOptions,
  files: readonly IntakeFile[],
): Promise<IntakeReport> {
  const { practiceId, source, base } = options;
  const scan = await scanFiles(files, { practiceId, source, base });
  const tally = newTally();
  const telling = inTime<readonly [number, number]>(db, ([done, there]) =>
    options.onProgress?.(done, scan.count, there),
  );
  const progressed = () => telling.say([handled(tally), tally.unchanged]);
  const shared = await medicationsOnLines(scan);
  const homes = homesFor(scan);
  const copies: Surroundings['copies'] = homes && new Map();
  const around: Surroundings = { names: scan.names, homes, copies, carried: carriedIn(shared) };
  const work: Work = {
    ...options,
    db,
    tally,
    progressed,
    origin: scan.names.origin,
    stored: new Map(),
    around,
    asked: new Set(),
    ready: 'ahead',
  };
  const early: Prepared[] = [];
  const waiting: Transaction[] = [];
  await readAhead(partsOf(work, scan), ONE_AHEAD, async (parts) => {
    for (const part of parts) {
      if (part === 'what waits') {
        await loadWaiting(work, waiting.splice(0), scan.patients);
        await load(work, early.splice(0));
      } else if ('carried' in part) {
        if ((await loadTransaction(work, part, scan.patients)) === 'waits') waiting.push(part);
      } else early.push(...(await load(work, part.prepared, part.expected)));
    }
  });
  countCarried(work, shared, around.carried);
  progressed();
  await telling.end();
  return reportOf(tally);
}

/**
 * @property around what lines are read by; a Bundle has names and Binaries of its own besides
 * @property asked which identifiers of patients were looked for at the practice
 */
type Work = ValidatedLoadDeps & { readonly around: Surroundings; readonly asked: Set<string> };

/** Only Provenance asks for the home of other resources; without it, nothing need be remembered of millions. */
const homesFor = ({ files }: Scan): Homes | undefined =>
  files.some(({ phases }) => phases.has('provenance')) ? noHomes() : undefined;

interface Resources {
  readonly prepared: readonly Prepared[];
  /** Patients who may come yet. */
  readonly expected?: ReadonlySet<string>;
}
/** What is loaded at once, at last what came before its patient, who by now is there. */
type Part = Resources | Transaction | 'what waits';
/** The next is read while one is loaded. */
const ONE_AHEAD = { room: 1, atOnce: 1, sizeOf: () => 1 };

async function* partsOf(work: Work, scan: Scan): AsyncIterable<Part> {
  yield* chunksOf(work, scan, 'patients');
  for (const scanned of scan.files.filter(({ form }) => form === 'bundle'))
    yield await bundleOf(work, scanned, scan.patients);
  yield 'what waits';
  yield* chunksOf(work, scan, 'details');
  yield* chunksOf(work, scan, 'provenance');
}

/** Text of so many characters is taken at once; parsed it needs several times that. */
const CHUNK = 8 * 1024 * 1024;

async function* chunksOf(work: Work, scan: Scan, phase: Phase): AsyncIterable<Part> {
  let prepared: Prepared[] = [];
  let size = 0;
  for (const scanned of scan.files) {
    for await (const line of linesOfPhase(scanned, phase)) {
      const entry = withPatients(line);
      const unknown = patientsToFind(work.around.names, entry.value);
      if (unknown.length > 0) await findPatients(work.db, work.around.names, unknown, work.asked);
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

/** Not Binary: a line is read without the others, and their bytes would fill the memory. */
async function medicationsOnLines({ files }: Scan): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for (const scanned of files) {
    for await (const entry of linesOfPhase(scanned, 'medications')) found.push(entry);
  }
  return found;
}

async function bundleOf(
  work: Work,
  { file, names }: Scanned,
  expected: ReadonlySet<string>,
): Promise<Resources | Transaction> {
  const { entries: read, isTransaction } = await readBundleFile(file, parseJson);
  const entries = read.map(withPatients);
  for (const { value } of entries) await findPatients(work.db, names, patientsToFind(names, value), work.asked);
  if (!isTransaction) return { prepared: prepareBundle(work, entries, names, work.around.carried), expected };
  const tally = newTally();
  const carried = { ...work.around.carried, taken: new Set<unknown>() };
  const prepared = prepareBundle({ ...work, tally }, entries, names, carried);
  return { file: file.name, prepared, tally, carried: carried.taken };
}

function prepareBundle(
  work: Pick<Work, 'tally' | 'around'>,
  entries: readonly Entry[],
  names: Names,
  around: Carried,
): readonly Prepared[] {
  const carried = carriedIn(entries, around);
  const apart = entries.filter(isApart);
  const rest = entries.filter((entry) => !isApart(entry));
  const inOrder = [
    ...rest.filter(({ value }) => phaseOf(value) !== 'provenance'),
    ...rest.filter(({ value }) => phaseOf(value) === 'provenance'),
  ];
  const prepared = prepareAll(work, inOrder, { ...work.around, names, carried });
  countCarried(work, apart, carried);
  return prepared;
}

function withPatients(entry: Entry): Entry {
  const value = withPatientsAsked(entry.value);
  return value === entry.value ? entry : { ...entry, value };
}

const isApart = ({ value }: Entry): boolean => isCarried(textAt(value, 'resourceType'));

function prepareAll(work: Pick<Work, 'tally'>, entries: readonly Entry[], around: Surroundings): readonly Prepared[] {
  return entries.flatMap((entry) => {
    const made = prepare(entry, around);
    if ('refused' in made) refuse(work.tally, entry, made.refused);
    else if ('skipped' in made) skip(work.tally, made.skipped);
    else return [made];
    return [];
  });
}

const NOT_REFERRED_TO =
  'Nothing in this input refers to it: a Medication is kept in the records of those whose medicine it is. Load it together with what refers to it.';

/** What went along with another resource was loaded with it; the rest has no place here. */
function countCarried({ tally }: Pick<Work, 'tally'>, entries: readonly Entry[], { taken }: Carried): void {
  for (const entry of entries) {
    if (entry.fault !== undefined) refuse(tally, entry, entry.fault);
    else if (taken.has(entry.value)) tally.carried += 1;
    else if (textAt(entry.value, 'resourceType') === 'Medication') refuse(tally, entry, NOT_REFERRED_TO);
    else skip(tally, textAt(entry.value, 'resourceType') ?? '');
  }
}
