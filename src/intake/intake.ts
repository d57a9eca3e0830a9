import type { Database } from '../database/index.ts';
import { type Projection, parseJson } from '../fhir/index.ts';
import type { Clock, PracticeId, Random } from '../kernel/index.ts';
import { type Carried, carriedIn, isCarried } from './carried.ts';
import { inTime } from './durable.ts';
import { type Entry, entriesOfBundle, entriesOfLines } from './entry.ts';
import { type Homes, noHomes } from './home.ts';
import type { IntakeFile } from './input.ts';
import { textAt } from './json-value.ts';
import { type Prepared, prepare, type Surroundings } from './prepare.ts';
import { readAhead } from './read-ahead.ts';
import { handled, type IntakeReport, newTally, refuse, reportOf, skip } from './report.ts';
import { type Phase, phaseOf, type Scan, type Scanned, scanFiles } from './scan.ts';
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
 * then what is told of them, and Provenance, which has its place by what it is about, last.
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
    ahead: true,
  };
  const early: Prepared[] = [];
  await readAhead(partsOf(work, scan), ONE_AHEAD, async (parts) => {
    for (const { prepared, expected } of parts)
      early.push(...(await load(work, prepared ?? early.splice(0), expected)));
  });
  countCarried(work, shared, around.carried);
  progressed();
  await telling.end();
  return reportOf(tally);
}

/** @property around what lines are read by; a Bundle has names and Binaries of its own besides */
type Work = ValidatedLoadDeps & { readonly around: Surroundings };

/** Only Provenance asks for the home of other resources; without it, nothing need be remembered of millions. */
const homesFor = ({ files }: Scan): Homes | undefined =>
  files.some(({ phases }) => phases.has('provenance')) ? noHomes() : undefined;

/** What is loaded at once. */
interface Part {
  /** undefined: what came before its patient, which by now is there. */
  readonly prepared: readonly Prepared[] | undefined;
  /** Patients who may come yet. */
  readonly expected?: ReadonlySet<string>;
}
/** The next is read while one is loaded. */
const ONE_AHEAD = { room: 1, atOnce: 1, sizeOf: () => 1 };

async function* partsOf(work: Work, scan: Scan): AsyncIterable<Part> {
  yield* chunksOf(work, scan, 'patients');
  for (const scanned of scan.files.filter(({ form }) => form === 'bundle'))
    yield { prepared: await bundleOf(work, scanned), expected: scan.patients };
  yield { prepared: undefined };
  yield* chunksOf(work, scan, 'details');
  yield* chunksOf(work, scan, 'provenance');
}

/** Text of so many characters is taken at once; parsed it needs several times that. */
const CHUNK = 8 * 1024 * 1024;

async function* chunksOf(work: Work, scan: Scan, phase: Phase): AsyncIterable<Part> {
  let prepared: Prepared[] = [];
  let size = 0;
  for (const scanned of scan.files) {
    for await (const entry of linesOfPhase(scanned, phase)) {
      prepared.push(...prepareAll(work, [entry], work.around));
      size += entry.size;
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

async function bundleOf(work: Work, { file, names }: Scanned): Promise<readonly Prepared[]> {
  const entries = await entriesOfBundle(file, parseJson);
  const carried = carriedIn(entries, work.around.carried);
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

const isApart = ({ value }: Entry): boolean => isCarried(textAt(value, 'resourceType'));

function prepareAll(work: Work, entries: readonly Entry[], around: Surroundings): readonly Prepared[] {
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
function countCarried({ tally }: Work, entries: readonly Entry[], { taken }: Carried): void {
  for (const entry of entries) {
    if (entry.fault !== undefined) refuse(tally, entry, entry.fault);
    else if (taken.has(entry.value)) tally.carried += 1;
    else if (textAt(entry.value, 'resourceType') === 'Medication') refuse(tally, entry, NOT_REFERRED_TO);
    else skip(tally, textAt(entry.value, 'resourceType') ?? '');
  }
}
