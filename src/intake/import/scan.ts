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
  /**
   * Returns the phase of the import in which a line is processed, by the line number starting at 1. Returns undefined
   * for an empty line.
   */
  readonly phaseAt: (line: number) => ImportPhase | undefined;
  readonly names: ReferenceMap;
}

export interface ScanResult {
  readonly files: readonly ScannedFile[];
  /** Names with which resources of any file can refer to each other, such as `Patient?identifier=system|value`. */
  readonly names: ReferenceMap;
  /** Ids of all patients in the input, as the source system uses them. */
  readonly patients: ReadonlySet<string>;
  readonly count: number;
}

const IMPORT_PHASES = ['medications', 'patients', 'details', 'provenance'] as const;
/**
 * A pass over the input lines. It stores the resources of certain types. The pass `medications` collects Medications,
 * which are stored with the resources that refer to them.
 */
export type ImportPhase = (typeof IMPORT_PHASES)[number];

export const findPhase = (value: unknown): ImportPhase => findPhaseOfType(textAt(value, 'resourceType') ?? '');

function findPhaseOfType(type: string): ImportPhase {
  if (type === 'Medication') return 'medications';
  if (type === 'Patient' || getStoredCompartment(type) === 'practice') return 'patients';
  return type === 'Provenance' ? 'provenance' : 'details';
}

/**
 * Scans all files once, quickly. All patients, and all names with which resources can refer to each other, must be
 * known before the first resource is stored. The number of resources in the result is approximate.
 */
export async function scanFiles(
  files: readonly ImportFile[],
  origin: SourceOrigin,
  timeZone: string,
): Promise<ScanResult> {
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
      for (const entry of (await readBundleFile(file, JSON.parse, timeZone)).entries)
        addEntry(findPhase(entry.value), entry);
    scanned.push({ file, form, phases, phaseAt: linePhases.at, names: fileNames });
  }
  return { files: scanned, names: referenceMap, patients, count };
}

/**
 * Matches a line that begins with the resource type, as most lines do. The rest of such a line isn't needed to find its
 * phase.
 */
const LEADING_TYPE = /^\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"/;

/**
 * Scans one line. The result contains the entry if other resources may refer to it by its identifier.
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

/** Creates a list of the phases of lines that uses one byte per line, since a file may have millions of lines. */
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
