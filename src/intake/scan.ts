import { storedHome } from '../fhir/index.ts';
import { type Entry, type Form, formOf, lineEntry, readBundleFile } from './entry.ts';
import { type IntakeFile, lineBatchesOf } from './input.ts';
import { textAt } from './json-value.ts';
import { learn, type Names, newNames, type Origin, REFERRED_BY_IDENTIFIER, sourceKeyOf } from './names.ts';

export interface Scanned {
  readonly file: IntakeFile;
  readonly form: Form;
  readonly phases: ReadonlySet<Phase>;
  /** In which phase a line is taken, by its number from 1; undefined: it is empty. */
  readonly phaseAt: (line: number) => Phase | undefined;
  readonly names: Names;
}

export interface Scan {
  readonly files: readonly Scanned[];
  /** Those that all files share. */
  readonly names: Names;
  /** Patients of the input, by the source's ids. */
  readonly patients: ReadonlySet<string>;
  readonly count: number;
}

const PHASES = ['medications', 'patients', 'details', 'provenance'] as const;
/** In which of the passes over lines a resource is stored, or kept for those it goes along with. */
export type Phase = (typeof PHASES)[number];

export const phaseOf = (value: unknown): Phase => phaseOfType(textAt(value, 'resourceType') ?? '');

function phaseOfType(type: string): Phase {
  if (type === 'Medication') return 'medications';
  if (type === 'Patient' || storedHome(type) === 'practice') return 'patients';
  return type === 'Provenance' ? 'provenance' : 'details';
}

/**
 * Looks through everything once, quickly: who is a patient, and by what names resources may refer to others, must be known
 * before the first is stored. The number need not be exact yet.
 */
export async function scanFiles(files: readonly IntakeFile[], origin: Origin): Promise<Scan> {
  const names = newNames(origin);
  const patients = new Set<string>();
  const scanned: Scanned[] = [];
  let count = 0;
  for (const file of files) {
    const form = await formOf(file);
    const own = newNames(origin, names.shared);
    const phases = new Set<Phase>();
    const lines = phasesOfLines();
    const see = (phase: Phase, entry?: Entry): void => {
      count += 1;
      phases.add(phase);
      if (entry === undefined) return;
      learn(own, entry);
      const key = sourceKeyOf(entry);
      if (key?.type === 'Patient') patients.add(key.sourceId);
    };
    if (form === 'lines') {
      for await (const batch of lineBatchesOf(file)) {
        for (const line of batch) {
          const seen = seenLine(file, line);
          lines.add(seen?.phase);
          if (seen !== undefined) see(seen.phase, seen.entry);
        }
      }
    } else for (const entry of (await readBundleFile(file, JSON.parse)).entries) see(phaseOf(entry.value), entry);
    scanned.push({ file, form, phases, phaseAt: lines.at, names: own });
  }
  return { files: scanned, names, patients, count };
}

/** How most resources begin: the rest of such a line need not be read to know when it is taken. */
const TYPE = /^\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"/;

/** @returns with the entry if others may refer to it by its contents; undefined for an empty line */
function seenLine(file: IntakeFile, line: string): { readonly phase: Phase; readonly entry?: Entry } | undefined {
  const [, type] = TYPE.exec(line) ?? [];
  if (type !== undefined && !REFERRED_BY_IDENTIFIER.includes(type)) return { phase: phaseOfType(type) };
  if (line.trim() === '') return undefined;
  const entry = lineEntry(file, 0, line, JSON.parse);
  return { phase: phaseOf(entry.value), entry };
}

/** One byte for each line of a file: there may be millions. */
function phasesOfLines(): { add(phase: Phase | undefined): void; at(line: number): Phase | undefined } {
  let codes = new Uint8Array(1024);
  let count = 0;
  return {
    add(phase) {
      if (count === codes.length) {
        const more = new Uint8Array(count * 2);
        more.set(codes);
        codes = more;
      }
      codes[count] = phase === undefined ? 0 : PHASES.indexOf(phase) + 1;
      count += 1;
    },
    at: (line) => (line > count ? undefined : PHASES[(codes[line - 1] ?? 0) - 1]),
  };
}
