import { storedHome } from '../fhir/index.ts';
import { type Entry, type Form, formOf, lineEntry, readBundleFile } from './entry.ts';
import { type IntakeFile, lineBatchesOf } from './input.ts';
import { textAt } from './json-value.ts';
import { learn, type Names, newNames, type Origin, REFERRED_BY_IDENTIFIER, sourceKeyOf } from './names.ts';

export interface Scanned {
  readonly file: IntakeFile;
  readonly form: Form;
  readonly phases: ReadonlySet<Phase>;
  /** Phase in which a line is processed, by line number starting at 1; undefined for an empty line. */
  readonly phaseAt: (line: number) => Phase | undefined;
  readonly names: Names;
}

export interface Scan {
  readonly files: readonly Scanned[];
  /** Names shared by all files. */
  readonly names: Names;
  /** Patients of the input, by the source's ids. */
  readonly patients: ReadonlySet<string>;
  readonly count: number;
}

const PHASES = ['medications', 'patients', 'details', 'provenance'] as const;
/** Pass over the lines in which a resource is stored or, for Medications, collected for inlining. */
export type Phase = (typeof PHASES)[number];

export const phaseOf = (value: unknown): Phase => phaseOfType(textAt(value, 'resourceType') ?? '');

function phaseOfType(type: string): Phase {
  if (type === 'Medication') return 'medications';
  if (type === 'Patient' || storedHome(type) === 'practice') return 'patients';
  return type === 'Provenance' ? 'provenance' : 'details';
}

/**
 * Scans all files once, quickly. All patients, and all names by which resources may be referenced, must be known before
 * the first resource is stored. The resulting count is approximate.
 */
export async function scanFiles(files: readonly IntakeFile[], origin: Origin): Promise<Scan> {
  const referenceMap = newNames(origin);
  const patients = new Set<string>();
  const scanned: Scanned[] = [];
  let count = 0;
  for (const file of files) {
    const form = await formOf(file);
    const fileNames = newNames(origin, referenceMap.shared);
    const phases = new Set<Phase>();
    const linePhases = phasesOfLines();
    const addEntry = (phase: Phase, entry?: Entry): void => {
      count += 1;
      phases.add(phase);
      if (entry === undefined) return;
      learn(fileNames, entry);
      const key = sourceKeyOf(entry);
      if (key?.type === 'Patient') patients.add(key.sourceId);
    };
    if (form === 'lines') {
      for await (const batch of lineBatchesOf(file)) {
        for (const line of batch) {
          const scannedLine = seenLine(file, line);
          linePhases.add(scannedLine?.phase);
          if (scannedLine !== undefined) addEntry(scannedLine.phase, scannedLine.entry);
        }
      }
    } else for (const entry of (await readBundleFile(file, JSON.parse)).entries) addEntry(phaseOf(entry.value), entry);
    scanned.push({ file, form, phases, phaseAt: linePhases.at, names: fileNames });
  }
  return { files: scanned, names: referenceMap, patients, count };
}

/** Most resources begin with their type. The rest of such a line isn't needed to find its phase. */
const TYPE = /^\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"/;

/**
 * Scans a line. The entry is included if others may refer to it by its contents.
 * @returns undefined for an empty line
 */
function seenLine(file: IntakeFile, line: string): { readonly phase: Phase; readonly entry?: Entry } | undefined {
  const [, type] = TYPE.exec(line) ?? [];
  if (type !== undefined && !REFERRED_BY_IDENTIFIER.includes(type)) return { phase: phaseOfType(type) };
  if (line.trim() === '') return undefined;
  const entry = lineEntry(file, 0, line, JSON.parse);
  return { phase: phaseOf(entry.value), entry };
}

/** Stores the phase of each line in one byte, since a file may have millions of lines. */
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
