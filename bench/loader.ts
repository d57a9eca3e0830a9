// Runs `load` in a process of its own, pinned to a core by the bench, against DATABASE_URL. Each input line is JSON
// with a file and a validation mode, and each output line is JSON with the result. The process ends when its input
// ends.
import { openDatabase } from '../src/database/index.ts';
import { projections } from '../src/fhir/index.ts';
import { fileInput, importFiles, openValidation, type ValidationSettings } from '../src/intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../src/kernel/index.ts';
import { findPracticeByName } from '../src/practices/index.ts';

export interface LoadJob {
  readonly file: string;
  readonly validation: ValidationSettings['mode'];
}

export interface LoadResult {
  readonly count: number;
  readonly seconds: number;
  /** CPU time of this process in microseconds. */
  readonly spent: number;
}

const db = openDatabase({ connectionString: process.env['DATABASE_URL'] ?? '' });
/** Validates against R4's own definitions, without implementation guides. */
const warning = openValidation({ mode: 'warn', guides: [] });
const { practiceId } = await findPracticeByName(db, undefined);
for await (const line of process.stdin.setEncoding('utf8')) {
  const { file, validation: mode } = JSON.parse(String(line)) as LoadJob;
  const validation = mode === 'off' ? undefined : warning;
  const begun = { at: performance.now(), cpu: process.cpuUsage() };
  const options = { practiceId, source: 'bench', projections, clock, random, validation };
  const { created, updated, unchanged, refused } = await importFiles(db, options, [fileInput(file)]);
  if (refused.length > 0) throw new Error(`refused: ${refused[0]?.reason}`);
  const { user, system } = process.cpuUsage(begun.cpu);
  const result: LoadResult = {
    count: created + updated + unchanged,
    seconds: (performance.now() - begun.at) / 1000,
    spent: user + system,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
await db.close();
