import type { Database } from '../database/index.ts';
import { type Projection, parseJson, storedHome } from '../fhir/index.ts';
import type { Clock, PracticeId, Random } from '../kernel/index.ts';
import { type Binaries, binariesOf } from './attachments.ts';
import { type Entry, entriesOfBundle, entriesOfLines, type Form, formOf } from './entry.ts';
import type { Homes } from './home.ts';
import type { IntakeFile } from './input.ts';
import { textAt } from './json-value.ts';
import { type LoadDeps, load } from './load.ts';
import { learn, newNames, sourceKeyOf } from './names.ts';
import { type Prepared, prepare } from './prepare.ts';
import { handled, type IntakeReport, newTally, refuse, reportOf, skip } from './report.ts';

export interface IntakeOptions {
  readonly practiceId: PracticeId;
  /** Whose ids these are: loading from the same source again changes what is there, another source adds. */
  readonly source: string;
  readonly projections: readonly Projection[];
  readonly clock: Clock;
  readonly random: Random;
  readonly onProgress?: (done: number, all: number) => void;
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
  const scan = await scanFiles(files, options);
  const tally = newTally();
  const progressed = () => options.onProgress?.(handled(tally), scan.count);
  const work: Work = { ...options, db, tally, progressed, names: scan.names, homes: homesFor(scan) };
  await loadLines(work, scan, 'patients');
  const early: Prepared[] = [];
  for (const { file } of scan.files.filter(({ form }) => form === 'bundle'))
    early.push(...(await loadBundle(work, file, scan)));
  await load(work, early);
  await loadLines(work, scan, 'details');
  await loadLines(work, scan, 'provenance');
  progressed();
  return reportOf(tally);
}

type Work = LoadDeps & { readonly homes: Homes | undefined };

/** Only Provenance asks for the home of other resources; without it, nothing need be remembered of millions. */
const homesFor = ({ files }: Scan): Homes | undefined =>
  files.some(({ phases }) => phases.has('provenance')) ? new Map() : undefined;

interface Scanned {
  readonly file: IntakeFile;
  readonly form: Form;
  readonly phases: ReadonlySet<Phase>;
}

interface Scan {
  readonly files: readonly Scanned[];
  readonly names: LoadDeps['names'];
  /** Patients of the input, by the source's ids. */
  readonly patients: ReadonlySet<string>;
  readonly count: number;
}

/** In which of the passes over lines a resource is stored. */
type Phase = 'patients' | 'details' | 'provenance';

function phaseOf(value: unknown): Phase {
  const type = textAt(value, 'resourceType') ?? '';
  if (type === 'Patient' || storedHome(type) === 'practice') return 'patients';
  return type === 'Provenance' ? 'provenance' : 'details';
}

/** Looks through everything once, quickly: numbers need not be exact yet. */
async function scanFiles(files: readonly IntakeFile[], { practiceId, source }: IntakeOptions): Promise<Scan> {
  const names = newNames({ practiceId, source });
  const patients = new Set<string>();
  const scanned: Scanned[] = [];
  let count = 0;
  for (const file of files) {
    const form = await formOf(file);
    const phases = new Set<Phase>();
    const entries = form === 'lines' ? entriesOfLines(file, JSON.parse) : await entriesOfBundle(file, JSON.parse);
    for await (const entry of entries) {
      count += 1;
      phases.add(phaseOf(entry.value));
      learn(names, entry);
      const key = sourceKeyOf(entry);
      if (key?.type === 'Patient') patients.add(key.sourceId);
    }
    scanned.push({ file, form, phases });
  }
  return { files: scanned, names, patients, count };
}

/** Text of so many characters is taken at once; parsed it needs several times that. */
const CHUNK = 8 * 1024 * 1024;

async function loadLines(work: Work, scan: Scan, phase: Phase): Promise<void> {
  let chunk: Entry[] = [];
  let size = 0;
  const flush = async () => {
    await load(work, prepareAll(work, chunk, new Map()));
    chunk = [];
    size = 0;
  };
  for (const { file, form, phases } of scan.files) {
    if (form !== 'lines' || !phases.has(phase)) continue;
    for await (const entry of entriesOfLines(file, parseJson, (value) => phaseOf(value) === phase)) {
      chunk.push(entry);
      size += entry.size;
      if (size > CHUNK) await flush();
    }
  }
  await flush();
}

async function loadBundle(work: Work, file: IntakeFile, scan: Scan): Promise<readonly Prepared[]> {
  const entries = await entriesOfBundle(file, parseJson);
  const inOrder = [
    ...entries.filter(({ value }) => phaseOf(value) !== 'provenance'),
    ...entries.filter(({ value }) => phaseOf(value) === 'provenance'),
  ];
  return load(work, prepareAll(work, inOrder, binariesOf(entries)), scan.patients);
}

function prepareAll(work: Work, entries: readonly Entry[], binaries: Binaries): readonly Prepared[] {
  return entries.flatMap((entry) => {
    const made = prepare(entry, work.names, work.homes, binaries);
    if ('refused' in made) refuse(work.tally, entry, made.refused);
    else if ('skipped' in made) skip(work.tally, made.skipped);
    else return [made];
    return [];
  });
}
