import type { Projection } from '../../../src/fhir/index.ts';
import { type ImportReport, importFiles, textInput, type Validation } from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom } from '../../../src/kernel/index.ts';
import type { FhirServer } from './fhir-server.ts';

interface LoadOptions {
  readonly source?: string;
  readonly base?: string;
  readonly practiceId?: number;
  readonly projections?: readonly Projection[];
  readonly validation?: Validation | undefined;
  readonly onProgress?: (done: number, all: number) => void;
}

/** Loads files given by name and text. */
export const loadTexts = (
  { db, clock }: Pick<FhirServer, 'db' | 'clock'>,
  files: Readonly<Record<string, string>>,
  { source = 'test', practiceId = 1, projections = [], ...rest }: LoadOptions = {},
): Promise<ImportReport> =>
  importFiles(
    db,
    { practiceId: practiceId as PracticeId, source, projections, clock, random: systemRandom, ...rest },
    Object.entries(files).map(([name, text]) => textInput(name, text)),
  );

export const ndjson = (...resources: readonly object[]): string =>
  resources.map((one) => JSON.stringify(one)).join('\n');
