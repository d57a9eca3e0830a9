import { getStoredCompartment } from '../../fhir/index.ts';
import { textAt } from '../../kernel/index.ts';
import {
  createReferenceMap,
  type ReferenceMap,
  registerNames,
  type SourceOrigin,
  TYPES_REFERRED_BY_IDENTIFIER,
  toSourceKey,
} from '../references/reference-map.ts';
import { detectFormat, type ImportEntry, type ImportFormat, readBundleFile, toLineEntry } from './entry.ts';
import { type ImportFile, readLineBatches } from './import-file.ts';

export interface ScannedFile {
  readonly file: ImportFile;
  readonly form: ImportFormat;
  readonly phases: ReadonlySet<ImportPhase>;
  /** Phase in which a line is processed, by line number starting at 1; undefined for an empty line. */
  readonly phaseAt: (line: number) => ImportPhase | undefined;
  readonly names: ReferenceMap;
}

export interface ScanResult {
  readonly files: readonly ScannedFile[];
  /** Names shared by all files. */
  readonly names: ReferenceMap;
  /** Patients of the input, by the source's ids. */
  readonly patients: ReadonlySet<string>;
  readonly count: number;
}

const IMPORT_PHASES = ['medications', 'patients', 'details', 'provenance'] as const;
/** Pass over the lines in which a resource is stored or, for Medications, collected for inlining. */
export type ImportPhase = (typeof IMPORT_PHASES)[number];

export const findPhase = (value: unknown): ImportPhase => findPhaseOfType(textAt(value, 'resourceType') ?? '');

function findPhaseOfType(type: string): ImportPhase {
  if (type === 'Medication') return 'medications';
  if (type === 'Patient' || getStoredCompartment(type) === 'practice') return 'patients';
  return type === 'Provenance' ? 'provenance' : 'details';
}

/**
 * Scans all files once, quickly. All patients, and all names by which resources may be referenced, must be known before
 * the first resource is stored. The resulting count is approximate.
 */
export async function scanFiles(files: readonly ImportFile[], origin: SourceOrigin): Promise<ScanResult> {
  const referenceMap = createReferenceMap(origin);
  const patients = new Set<string>();
  const scanned: ScannedFile[] = [];
  let count = 0;
  for (const file of files) {
    const form = await detectFormat(file);
    const fileNames = createReferenceMap(origin, referenceMap.shared);
    const phases = new Set<ImportPhase>();
    const linePhases = createLinePhases();
    const addEntry = (phase: ImportPhase, entry?: ImportEntry): void => {
      count += 1;
      phases.add(phase);
      if (entry === undefined) return;
      registerNames(fileNames, entry);
      const key = toSourceKey(entry);
      if (key?.type === 'Patient') patients.add(key.sourceId);
    };
    if (form === 'lines') {
      for await (const batch of readLineBatches(file)) {
        for (const line of batch) {
          const scannedLine = scanLine(file, line);
          linePhases.add(scannedLine?.phase);
          if (scannedLine !== undefined) addEntry(scannedLine.phase, scannedLine.entry);
        }
      }
    } else
      for (const entry of (await readBundleFile(file, JSON.parse)).entries) addEntry(findPhase(entry.value), entry);
    scanned.push({ file, form, phases, phaseAt: linePhases.at, names: fileNames });
  }
  return { files: scanned, names: referenceMap, patients, count };
}

/** Most resources begin with their type. The rest of such a line isn't needed to find its phase. */
const LEADING_TYPE = /^\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"/;

/**
 * Scans a line. The entry is included if others may refer to it by its contents.
 * @returns undefined for an empty line
 */
function scanLine(
  file: ImportFile,
  line: string,
): { readonly phase: ImportPhase; readonly entry?: ImportEntry } | undefined {
  const [, type] = LEADING_TYPE.exec(line) ?? [];
  if (type !== undefined && !TYPES_REFERRED_BY_IDENTIFIER.includes(type)) return { phase: findPhaseOfType(type) };
  if (line.trim() === '') return undefined;
  const entry = toLineEntry(file, 0, line, JSON.parse);
  return { phase: findPhase(entry.value), entry };
}

/** Stores the phase of each line in one byte, since a file may have millions of lines. */
function createLinePhases(): { add(phase: ImportPhase | undefined): void; at(line: number): ImportPhase | undefined } {
  let codes = new Uint8Array(1024);
  let count = 0;
  return {
    add(phase) {
      if (count === codes.length) {
        const more = new Uint8Array(count * 2);
        more.set(codes);
        codes = more;
      }
      codes[count] = phase === undefined ? 0 : IMPORT_PHASES.indexOf(phase) + 1;
      count += 1;
    },
    at: (line) => (line > count ? undefined : IMPORT_PHASES[(codes[line - 1] ?? 0) - 1]),
  };
}
